//! Many nodes: leases, fences, journals and buses over memory and over a real Redis, and real hubs that share one.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod agree;
mod buses;
#[path = "../rest/hub.rs"]
#[expect(dead_code, reason = "tests of one hub use more of it")]
mod hub;
mod journals;
mod outages;
mod rosters;
mod server;
mod several;
#[path = "../socket/wire.rs"]
#[expect(dead_code, reason = "tests of one hub's sockets use more of it")]
mod wire;
