//! `cargo +nightly fuzz run frames`: any bytes, read as a client's frames, whole and in pieces of the first byte's size.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((piece, bytes)) = bytes.split_first() {
        plenum_hub::socket::fuzzing::frames(bytes, usize::from(*piece).max(1));
    }
});
