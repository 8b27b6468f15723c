//! `cargo +nightly fuzz run msgpack_frame`: any bytes, read as everything that MessagePack on the wire could be.
#![no_main]

#[path = "../../tests/wire/entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::read_as_everything(plenum_protocol::Codec::MsgPack, bytes));
