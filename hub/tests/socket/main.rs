//! A real hub on a free loopback port, spoken to in raw bytes.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod durability;
mod hub;
mod nodes;
mod rubbish;
mod secrecy;
mod slow;
mod talk;
mod tenants;
mod tls;
mod wire;
