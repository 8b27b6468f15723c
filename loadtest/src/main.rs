//! Crowds for the hub.
fn main() {}
