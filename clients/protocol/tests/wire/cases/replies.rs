use std::borrow::Cow;

use plenum_protocol::{
    Codec, CommandLimits, HelloOk, Joined, PushHead, code, write_err, write_hello_ok, write_join_ok,
    write_ok, write_pong, write_push, write_renewed,
};
use serde_json::{Value, json};

use super::{Case, payload};

const POLL: &str = "poll:01K30DWW01FAY8VVR14D2PF2DB";
const NOW_MS: i64 = 1_763_800_000_000;

/// Every shape that a reply can take.
pub(crate) fn replies() -> Vec<Case> {
    let mut cases = vec![hello_ok(), pong(), renewed(), empty_ok(), vote_ok()];
    cases.extend([join_with_state(), join_with_replay(), refusal(), refusal_without_id(), busy()]);
    cases
}

fn hello_ok() -> Case {
    Case {
        name: "hello",
        meaning: json!({"re": 1, "ok": {
            "participant": "01K30DWW01FAY8VVR14D2PF2DD", "conference": "01K30DWW01FAY8VVR14D2PF2DE",
            "roles": ["attendee"], "server_ms": NOW_MS, "ping_s": 25, "session": "01K30DWW01FAY8VVR14D2PF2DF",
            "token_ends_ms": NOW_MS + 900_000, "max_frame_bytes": 65_536,
            "limits": {"commands_per_s": 20, "commands_burst": 40}, "herd_ms": 5_000}}),
        write: |codec, out| {
            let hello = HelloOk {
                participant: "01K30DWW01FAY8VVR14D2PF2DD".into(),
                conference: Some("01K30DWW01FAY8VVR14D2PF2DE".into()),
                roles: vec![Cow::Borrowed("attendee")],
                server_ms: NOW_MS,
                ping_s: 25,
                session: "01K30DWW01FAY8VVR14D2PF2DF".into(),
                token_ends_ms: NOW_MS + 900_000,
                max_frame_bytes: 65_536,
                limits: CommandLimits { commands_per_s: 20, commands_burst: 40 },
                herd_ms: 5_000,
            };
            write_hello_ok(codec, out, 1, &hello);
        },
    }
}

fn pong() -> Case {
    Case {
        name: "ping",
        meaning: json!({"re": 300, "ok": {"server_ms": NOW_MS}}),
        write: |codec, out| write_pong(codec, out, 300, NOW_MS),
    }
}

fn renewed() -> Case {
    Case {
        name: "auth.refresh",
        meaning: json!({"re": 301, "ok": {"token_ends_ms": NOW_MS + 900_000}}),
        write: |codec, out| write_renewed(codec, out, 301, NOW_MS + 900_000),
    }
}

fn empty_ok() -> Case {
    Case {
        name: "leave, session.react",
        meaning: json!({"re": 9, "ok": {}}),
        write: |codec, out| write_ok(codec, out, 9, None),
    }
}

fn vote_ok() -> Case {
    Case {
        name: "poll.vote",
        meaning: json!({"re": 3, "ok": {"seq": 42}}),
        write: |codec, out| write_ok(codec, out, 3, Some(&payload(codec, &json!({"seq": 42})))),
    }
}

fn state() -> Value {
    json!({"poll": {"id": "01K30DWW01FAY8VVR14D2PF2DB", "title": "Tea?", "kind": "rating", "options": [],
        "status": "open"}, "results": {"round": 1, "voters": 4, "mean": 3.25}, "mine": null})
}

fn join_with_state() -> Case {
    Case {
        name: "join with the state",
        meaning: json!({"re": 2, "ok": {"room": POLL, "epoch": "1", "seq": 41, "state": state()}}),
        write: |codec, out| {
            write_join_ok(codec, out, 2, POLL, "1", 41, Joined::State(&payload(codec, &state())));
        },
    }
}

const FIRST: PushHead<'_> =
    PushHead { room: POLL, prev: Some(41), seq: Some(57), ev: "poll.results", at_ms: Some(NOW_MS) };
const SECOND: PushHead<'_> =
    PushHead { room: POLL, prev: Some(57), seq: Some(58), ev: "poll.status", at_ms: Some(NOW_MS) };

fn join_with_replay() -> Case {
    Case {
        name: "join with what was missed",
        meaning: json!({"re": 70_000, "ok": {"room": POLL, "epoch": "1", "seq": 58, "replay": [
            {"room": POLL, "prev": 41, "seq": 57, "ev": "poll.results", "at_ms": NOW_MS, "data": {"voters": 16}},
            {"room": POLL, "prev": 57, "seq": 58, "ev": "poll.status", "at_ms": NOW_MS, "data": {"status": "closed"}},
        ]}}),
        write: |codec, out| {
            let results = payload(codec, &json!({"voters": 16}));
            let status = payload(codec, &json!({"status": "closed"}));
            let replay: [(PushHead<'_>, &[u8]); 2] = [(FIRST, &results), (SECOND, &status)];
            write_join_ok(codec, out, 70_000, POLL, "1", 58, Joined::Replay(&replay));
            assert_eq!(*out, with_written_pushes(codec, &replay));
        },
    }
}

/// The same reply from pushes that were written before.
fn with_written_pushes(codec: Codec, replay: &[(PushHead<'_>, &[u8])]) -> Vec<u8> {
    let written = replay.iter().map(|(head, data)| {
        let mut push = Vec::new();
        write_push(codec, &mut push, head, data);
        push
    });
    let written: Vec<Vec<u8>> = written.collect();
    let written: Vec<&[u8]> = written.iter().map(Vec::as_slice).collect();
    let mut out = Vec::new();
    write_join_ok(codec, &mut out, 70_000, POLL, "1", 58, Joined::Pushes(&written));
    out
}

fn refusal() -> Case {
    Case {
        name: "a room's refusal",
        meaning: json!({"re": 3, "err": {"code": "poll.closed", "message": "The poll is closed.",
            "retry_ms": null, "details": {}}}),
        write: |codec, out| write_err(codec, out, Some(3), "poll.closed", "The poll is closed.", None, None),
    }
}

fn refusal_without_id() -> Case {
    Case {
        name: "a refusal of what could not be read",
        meaning: json!({"re": null, "err": {"code": "hub.bad_frame", "message": "the frame nests too deep",
            "retry_ms": null, "details": {}}}),
        write: |codec, out| {
            write_err(codec, out, None, code::BAD_FRAME, "the frame nests too deep", None, None);
        },
    }
}

fn busy() -> Case {
    Case {
        name: "a refusal that passes",
        meaning: json!({"re": 8, "err": {"code": "hub.busy", "message": "try again", "retry_ms": 250,
            "details": {"queue": "mailbox"}}}),
        write: |codec, out| {
            let details = payload(codec, &json!({"queue": "mailbox"}));
            write_err(codec, out, Some(8), code::BUSY, "try again", Some(250), Some(&details));
        },
    }
}
