//! What a command must look like, and what is said about one that does not.

use plenum_protocol::{BadFrame, Codec, Incoming, Limits, Reason, Since, code, encode, parse_frame};
use serde_json::{Value, json};

fn frame(codec: Codec, value: &Value) -> Vec<u8> {
    encode(codec, value).expect("a JSON value has a form in both codecs")
}

/// The refusal of a frame that is one object, the same in both codecs.
fn refusal(value: &Value) -> BadFrame {
    let [json, msgpack] = Codec::ALL.map(|codec| {
        let bytes = frame(codec, value);
        let mut read = parse_frame(codec, &bytes, &Limits::CLIENT);
        let refusal = read.next().expect("something comes out").expect_err("it is refused");
        assert!(read.next().is_none(), "one refusal and nothing else");
        refusal
    });
    assert_eq!(json, msgpack);
    json
}

fn reason(value: &Value) -> Reason {
    refusal(value).reason
}

#[test]
fn a_command_borrows_its_texts_and_hands_on_its_data_as_it_came() {
    let text = br#" { "data" : { "options":[ "a" ] }, "room":"poll:1", "op":"poll.vote", "id":3 } "#;
    let read: Vec<_> = parse_frame(Codec::Json, text, &Limits::CLIENT).collect();
    let wanted = Incoming {
        id: 3,
        op: "poll.vote".into(),
        room: Some("poll:1".into()),
        key: None,
        since: None,
        data: Some(br#"{ "options":[ "a" ] }"#),
    };
    assert_eq!(read, [Ok(wanted)]);
}

#[test]
fn null_is_as_good_as_absent() {
    for codec in Codec::ALL {
        let bytes = frame(
            codec,
            &json!({"id": 1, "op": "ping", "room": null, "key": null, "since": null, "data": null}),
        );
        let read =
            parse_frame(codec, &bytes, &Limits::CLIENT).next().expect("one command").expect("it reads");
        assert_eq!((read.room, read.key, read.since, read.data), (None, None, None, None));
    }
}

#[test]
fn a_place_is_an_epoch_and_a_seq() {
    let bytes = br#"{"id":1,"op":"join","since":{"epoch":"7\u0031","seq":41}}"#;
    let read =
        parse_frame(Codec::Json, bytes, &Limits::CLIENT).next().expect("one command").expect("it reads");
    assert_eq!(read.since, Some(Since { epoch: "71".into(), seq: 41 }));
    assert_eq!(
        reason(&json!({"id": 1, "op": "join", "since": {"epoch": "1"}})),
        Reason::Missing("since.seq")
    );
    assert_eq!(
        reason(&json!({"id": 1, "op": "join", "since": {"epoch": "1", "seq": 1, "x": 1}})),
        Reason::UnknownField("x".into())
    );
}

#[test]
fn a_field_that_is_not_known_is_named() {
    let refused = refusal(&json!({"id": 7, "op": "join", "rooom": "poll:1"}));
    assert_eq!(refused, BadFrame { id: Some(7), reason: Reason::UnknownField("rooom".into()) });
    assert_eq!(refused.to_string(), "the field \"rooom\" is not known");
    assert_eq!(refused.code(), code::BAD_FRAME);
}

#[test]
fn fields_have_their_types() {
    assert_eq!(reason(&json!({"op": "ping"})), Reason::Missing("id"));
    assert_eq!(reason(&json!({"id": 1})), Reason::Missing("op"));
    assert_eq!(
        reason(&json!({"id": "1", "op": "ping"})),
        Reason::WrongType { field: "id", expected: "a whole number" }
    );
    assert_eq!(reason(&json!({"id": 1, "op": 5})), Reason::WrongType { field: "op", expected: "a text" });
    assert_eq!(
        reason(&json!({"id": 1, "op": "x", "data": []})),
        Reason::WrongType { field: "data", expected: "an object" }
    );
    assert_eq!(reason(&json!({"id": 1, "op": "x", "key": "short"})), Reason::BadKey);
}

#[test]
fn an_id_is_a_whole_number_that_doubles_hold() {
    for id in [
        json!(-1),
        json!(1.5),
        json!(9_007_199_254_740_992_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
    ] {
        assert_eq!(reason(&json!({"id": id, "op": "ping"})), Reason::OutOfRange("id"), "{id}");
    }
}

#[test]
fn a_field_twice_is_refused() {
    let bytes = br#"{"id":1,"op":"ping","id":2}"#;
    let refused = parse_frame(Codec::Json, bytes, &Limits::CLIENT).next().expect("a refusal");
    assert_eq!(refused, Err(BadFrame { id: Some(1), reason: Reason::Twice("id") }));
}

#[test]
fn an_array_is_its_commands_and_a_bad_one_harms_only_itself() {
    for codec in Codec::ALL {
        let bytes =
            frame(codec, &json!([{"id": 1, "op": "ping"}, {"id": 2}, 5, [6], {"id": 3, "op": "ping"}]));
        let read: Vec<_> =
            parse_frame(codec, &bytes, &Limits::CLIENT).map(|read| read.map(|command| command.id)).collect();
        let wanted = [
            Ok(1),
            Err(BadFrame { id: Some(2), reason: Reason::Missing("op") }),
            Err(BadFrame { id: None, reason: Reason::NotAnObject }),
            Err(BadFrame { id: None, reason: Reason::NotAnObject }),
            Ok(3),
        ];
        assert_eq!(read, wanted);
    }
}

#[test]
fn an_array_that_breaks_off_is_refused_before_any_of_it_is_done() {
    for codec in Codec::ALL {
        let bytes = frame(codec, &json!([{"id": 1, "op": "ping"}, {"id": 2, "op": "ping"}]));
        let read: Vec<_> = parse_frame(codec, &bytes[..bytes.len() - 1], &Limits::CLIENT).collect();
        assert_eq!(read, [Err(BadFrame { id: None, reason: Reason::Truncated })]);
    }
}

#[test]
fn the_limits_hold() {
    let sixty_five: Vec<Value> = (0..65).map(|id| json!({"id": id, "op": "ping"})).collect();
    let refused = refusal(&Value::Array(sixty_five));
    assert_eq!(
        (refused.reason.clone(), refused.code()),
        (Reason::TooMany { objects_max: 64 }, code::TOO_LARGE)
    );

    let long = refusal(&json!({"id": 12, "op": "qa.ask", "data": {"text": "x".repeat(65_536)}}));
    assert_eq!((long.id, long.code()), (Some(12), code::TOO_LARGE));

    let nested = |depth| (0..depth).fold(json!({}), |inner, _| json!({ "x": inner }));
    assert_eq!(reason(&json!({"id": 1, "op": "x", "data": nested(31)})), Reason::TooDeep);
    for codec in Codec::ALL {
        let bytes = frame(codec, &json!({"id": 1, "op": "x", "data": nested(30)}));
        assert!(parse_frame(codec, &bytes, &Limits::CLIENT).all(|read| read.is_ok()));
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for value in [json!(1), json!("x"), json!(null), json!(true)] {
        assert_eq!(reason(&value), Reason::NotAnObject);
    }
    let empty = parse_frame(Codec::Json, b"", &Limits::CLIENT).next();
    assert_eq!(empty, Some(Err(BadFrame { id: None, reason: Reason::Truncated })));
    let behind = parse_frame(Codec::Json, br#"{"id":1,"op":"x"} {}"#, &Limits::CLIENT).next();
    assert_eq!(behind, Some(Err(BadFrame { id: Some(1), reason: Reason::Trailing { at: 18 } })));
}

#[test]
fn messagepack_carries_only_what_json_has() {
    let head = b"\x83\xa2id\x01\xa2op\xa1x\xa4data\x81\xa1v".as_slice();
    for value in
        [b"\xc4\x01x".as_slice(), b"\xd4\x01x", b"\xc1", b"\xca\x7f\x80\x00\x00", b"\xcb\x7f\xf8\0\0\0\0\0\0"]
    {
        let bytes = [head, value].concat();
        let refused = parse_frame(Codec::MsgPack, &bytes, &Limits::CLIENT).next().expect("a refusal");
        assert_eq!(refused, Err(BadFrame { id: Some(1), reason: Reason::NotInJson { at: head.len() } }));
    }
}
