//! `cargo +nightly fuzz run handshake`: any bytes, read as the head of a request.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plenum_hub::socket::fuzzing::head(bytes));
