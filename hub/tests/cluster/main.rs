//! Many nodes: leases, fences and journals, over memory and over a real Redis.

mod agree;
mod journals;
mod outages;
mod server;
