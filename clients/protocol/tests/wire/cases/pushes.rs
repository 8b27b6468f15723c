use plenum_protocol::{Codec, Moving, PushHead, write_moving, write_push};
use serde_json::{Value, json};

use super::{Case, payload};

const POLL: &str = "poll:01K30DWW01FAY8VVR14D2PF2DB";
const QA: &str = "qa:01K30DWW01FAY8VVR14D2PF2DC";
const SESSION: &str = "session:01K30DWW01FAY8VVR14D2PF2DC";
const NOW_MS: i64 = 1_763_800_000_000;

fn write(codec: Codec, out: &mut Vec<u8>, head: PushHead<'_>, data: &Value) {
    write_push(codec, out, &head, &payload(codec, data));
}

/// Every shape that a push can take.
pub(crate) fn pushes() -> Vec<Case> {
    let mut cases = vec![digest(), single_fact(), replaced_state()];
    cases.extend([ephemeral(), personal(), moving()]);
    cases
}

fn digest() -> Case {
    Case {
        name: "a digest over a wide range",
        meaning: json!({"room": POLL, "prev": 41, "seq": 70_057, "ev": "poll.results", "at_ms": NOW_MS,
            "data": {"round": 1, "voters": 70_016, "options": [{"id": "a", "votes": 70_000}, {"id": "b", "votes": 16}]}}),
        write: |codec, out| {
            let head = PushHead {
                room: POLL,
                prev: Some(41),
                seq: Some(70_057),
                ev: "poll.results",
                at_ms: Some(NOW_MS),
            };
            let options = json!([{"id": "a", "votes": 70_000}, {"id": "b", "votes": 16}]);
            write(codec, out, head, &json!({"round": 1, "voters": 70_016, "options": options}));
        },
    }
}

fn single_fact() -> Case {
    Case {
        name: "one question",
        meaning: json!({"room": QA, "prev": 4, "seq": 5, "ev": "qa.question", "at_ms": NOW_MS,
            "data": {"id": "01K30DWW01FAY8VVR14D2PF2DG", "text": "How?", "status": "live", "votes": 0, "author": null}}),
        write: |codec, out| {
            let head =
                PushHead { room: QA, prev: Some(4), seq: Some(5), ev: "qa.question", at_ms: Some(NOW_MS) };
            let data = json!({"id": "01K30DWW01FAY8VVR14D2PF2DG", "text": "How?", "status": "live", "votes": 0, "author": null});
            write(codec, out, head, &data);
        },
    }
}

fn replaced_state() -> Case {
    Case {
        name: "a state that replaces what was held",
        meaning: json!({"room": POLL, "prev": 0, "seq": 58, "ev": "poll.state", "data": {"mine": {"options": ["a"]}}}),
        write: |codec, out| {
            let head = PushHead { room: POLL, prev: Some(0), seq: Some(58), ev: "poll.state", at_ms: None };
            write(codec, out, head, &json!({"mine": {"options": ["a"]}}));
        },
    }
}

fn ephemeral() -> Case {
    Case {
        name: "ephemeral, without a place",
        meaning: json!({"room": SESSION, "ev": "session.present", "data": {"present": 312}}),
        write: |codec, out| {
            let head = PushHead { room: SESSION, ev: "session.present", ..PushHead::default() };
            write(codec, out, head, &json!({"present": 312}));
        },
    }
}

fn personal() -> Case {
    Case {
        name: "personal, without a place",
        meaning: json!({"room": QA, "ev": "qa.fate", "at_ms": NOW_MS,
            "data": {"id": "01K30DWW01FAY8VVR14D2PF2DG", "status": "rejected", "reason": "asked before"}}),
        write: |codec, out| {
            let head = PushHead { room: QA, ev: "qa.fate", at_ms: Some(NOW_MS), ..PushHead::default() };
            let data =
                json!({"id": "01K30DWW01FAY8VVR14D2PF2DG", "status": "rejected", "reason": "asked before"});
            write(codec, out, head, &data);
        },
    }
}

fn moving() -> Case {
    Case {
        name: "the hub's goodbye",
        meaning: json!({"ev": "hub.moving", "data": {"after_ms": 1_834}}),
        write: |codec, out| write_moving(codec, out, Moving { after_ms: 1_834 }),
    }
}
