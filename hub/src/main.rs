//! The `plenum` binary.
fn main() {}
