//! Real hubs over a real Redis and one store.

mod hall;
mod outages;
mod owners;
mod serving;

use hall::Hall;
