//! The page for people says what the code does.

use plenum_protocol::{CloseCode, Codec, Limits, code, parse_frame, parse_joined, parse_server_frame};
use plenum_protocol::{ServerMessage, decode};
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/protocol.md");

fn frames(arrow: char) -> impl Iterator<Item = &'static [u8]> {
    PAGE.lines().filter_map(move |line| line.strip_prefix(arrow)).map(|frame| frame.trim().as_bytes())
}

#[test]
fn its_frames_can_be_read() {
    for frame in frames('→') {
        for command in parse_frame(Codec::Json, frame, &Limits::CLIENT) {
            let command = command.expect("a client's frame on the page reads");
            assert_eq!(command.op.starts_with("poll."), command.key.is_some(), "{}", command.op);
        }
    }
    for frame in frames('←') {
        for message in parse_server_frame(Codec::Json, frame, &Limits::SERVER) {
            let message = message.expect("a hub's frame on the page reads");
            if let ServerMessage::Ok { ok, .. } = message
                && decode::<Value>(Codec::Json, ok).is_ok_and(|ok| ok.get("epoch").is_some())
            {
                parse_joined(Codec::Json, ok).expect("a join's reply on the page reads");
            }
        }
    }
    assert!(frames('→').count() >= 6 && frames('←').count() >= 11);
}

#[test]
fn it_names_every_code_and_number() {
    for code in code::ALL {
        assert!(PAGE.contains(&format!("| `{code}` |")), "{code}");
    }
    for close in CloseCode::ALL {
        assert!(PAGE.contains(&format!("| {} |", close.number())), "{close:?}");
    }
    for codec in Codec::ALL {
        assert!(PAGE.contains(&format!("`{}`", codec.subprotocol())));
    }
    let Limits { frame_bytes_max, depth_max, objects_max } = Limits::CLIENT;
    assert_eq!((frame_bytes_max, depth_max, objects_max), (65_536, 32, 64), "the page's table of limits");
}
