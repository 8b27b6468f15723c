//! Real hubs over a real Redis and one store.

mod hall;
mod kept;
mod outages;
mod owners;
mod serving;
mod traces;

use hall::Hall;
