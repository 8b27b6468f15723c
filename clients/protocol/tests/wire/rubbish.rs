//! Bytes of every kind: the fuzz targets' entry over arbitrary, cut and bent frames.

use crate::cases::{Case, commands, pushes, replies};
use crate::entry::read_as_everything;
use plenum_protocol::{Codec, Limits, Reason, parse_frame, salvage_id};
use proptest::prelude::*;

fn corpus() -> Vec<(Codec, Vec<u8>)> {
    [commands(), replies(), pushes()].iter().flatten().flat_map(Case::in_both_codecs).collect()
}

#[test]
fn every_cut_of_every_frame_is_refused() {
    for (codec, frame) in corpus() {
        read_as_everything(codec, &frame);
        for end in 0..frame.len() {
            read_as_everything(codec, &frame[..end]);
            let refused = parse_frame(codec, &frame[..end], &Limits::CLIENT).next();
            assert!(matches!(refused, Some(Err(_))), "{codec:?} {:?}", &frame[..end]);
        }
    }
}

#[test]
fn every_frame_with_one_byte_bent_is_survived() {
    for (codec, frame) in corpus() {
        for at in 0..frame.len() {
            for bend in [0x01, 0x20, 0x40, 0x80, 0xff] {
                let mut bent = frame.clone();
                bent[at] ^= bend;
                read_as_everything(codec, &bent);
            }
        }
    }
}

#[test]
fn a_cut_command_is_refused_by_its_id() {
    for codec in Codec::ALL {
        for case in commands() {
            let (_, frame) = case.in_both_codecs().swap_remove(codec.index());
            let whole = parse_frame(codec, &frame, &Limits::CLIENT).next();
            let id = whole.expect("one command").expect("a golden command reads").id;
            assert_eq!(salvage_id(codec, &frame[..frame.len() - 1]), Some(id));
            let cut = parse_frame(codec, &frame[..frame.len() - 1], &Limits::CLIENT).next();
            assert_eq!(cut.expect("a refusal").expect_err("it is cut").id, Some(id), "{}", case.name);
        }
    }
}

#[test]
fn a_megabyte_of_brackets_is_refused_and_not_walked_into() {
    let deep = Limits { frame_bytes_max: usize::MAX, ..Limits::CLIENT };
    for (codec, bytes) in [(Codec::Json, vec![b'['; 1 << 20]), (Codec::MsgPack, vec![0x91; 1 << 20])] {
        let refusal = parse_frame(codec, &bytes, &deep).next().expect("a refusal").expect_err("it nests");
        assert_eq!(refusal.reason, Reason::TooDeep);
    }
}

/// Text that looks like JSON more often than chance would have it.
fn jsonish() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just("\"id\":1".to_owned()),
        Just("\"op\":\"x\"".to_owned()),
        Just("\"data\":".to_owned()),
        Just("null".to_owned()),
        Just("\\u12".to_owned()),
        Just("\"\\ud800\"".to_owned()),
        Just("-0.5e+3".to_owned()),
        "[a-z\"\\\\0-9 ]{0,4}",
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as_everything(Codec::Json, &bytes);
        read_as_everything(Codec::MsgPack, &bytes);
    }

    #[test]
    fn what_looks_like_json_never_panics(bytes in jsonish()) {
        read_as_everything(Codec::Json, &bytes);
    }

    #[test]
    fn many_frames_glued_and_cut_never_panic(seed in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let corpus = corpus();
        let (codec, frame) = seed.get(&corpus);
        let mut glued = frame.clone();
        glued.extend_from_slice(&frame[cut.index(frame.len())..]);
        read_as_everything(*codec, &glued);
    }
}
