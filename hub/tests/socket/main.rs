//! A real hub on a free loopback port, spoken to in raw bytes.

mod durability;
mod hub;
mod rubbish;
mod talk;
mod wire;
