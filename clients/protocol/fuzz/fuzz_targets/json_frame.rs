//! `cargo +nightly fuzz run json_frame`: any bytes, read as everything that JSON on the wire could be.
#![no_main]

#[path = "../../tests/wire/entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::read_as_everything(plenum_protocol::Codec::Json, bytes));
