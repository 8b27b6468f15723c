//! The scanner against serde_json: both must agree on what is JSON.

use plenum_protocol::{Codec, Limits, Reason, encode, parse_frame, transcode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether the scanner takes `value_text` as the value of a payload field, and whether serde_json does.
fn verdicts(value_text: &str) -> (bool, bool) {
    let frame = format!(r#"{{"id":1,"op":"x","data":{{"v":{value_text}}}}}"#);
    let ours = parse_frame(Codec::Json, frame.as_bytes(), &Limits::CLIENT).all(|read| read.is_ok());
    (ours, serde_json::from_str::<Value>(&frame).is_ok())
}

#[test]
fn numbers_texts_and_literals_are_json_for_both() {
    let values = [
        "0",
        "-0",
        "01",
        "-",
        "1.",
        ".5",
        "1.5",
        "1e",
        "1e5",
        "1E+5",
        "1e-",
        "+1",
        "0x1",
        "NaN",
        "tru",
        "true",
        "nul",
        "null",
        "falsey",
        r#""""#,
        r#""\n""#,
        r#""\x""#,
        r#""\u00e9""#,
        r#""\u00g9""#,
        r#""\ud83d\udc4b""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\udc4b""#,
        "\"\t\"",
        "\"\u{7f}\"",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "{}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        "{1:2}",
        "[[[]]]",
        "",
        " ",
        "1 1",
        "\u{feff}1",
        "\u{a0}1",
    ];
    for value in values {
        let (ours, theirs) = verdicts(value);
        assert_eq!(ours, theirs, "{value:?}");
    }
}

/// JSON has no infinity.
fn any_finite() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any_finite().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_taken_in_both_codecs_and_goes_over_to_the_other(value in any_json()) {
        for (codec, other) in [(Codec::Json, Codec::MsgPack), (Codec::MsgPack, Codec::Json)] {
            let bytes = encode(codec, &json!({"id": 1, "op": "x", "data": {"v": value}})).expect("it encodes");
            let data = parse_frame(codec, &bytes, &Limits::CLIENT).next().expect("one command").expect("it reads").data;
            let data = data.expect("it has data");
            prop_assert_eq!(&encode(codec, &json!({"v": value})).expect("it encodes"), data);
            let mut over = Vec::new();
            transcode(codec, other, data, &mut over).expect("it goes over");
            prop_assert_eq!(over, encode(other, &json!({"v": value})).expect("it encodes"));
        }
    }

    #[test]
    fn spoiled_json_gets_the_same_verdict(value in any_json(), at in any::<prop::sample::Index>(), letter in "[\\\\\"{}\\[\\],:0-9eE+.tnu -]") {
        let mut text = value.to_string();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        text.insert_str(*at.get(&places), &letter);
        let (ours, theirs) = verdicts(&text);
        // serde_json also refuses numbers beyond the range of doubles, which are still JSON.
        prop_assert!(ours == theirs || (ours && text.contains(['e', 'E', '0'])), "{}", text);
    }
}

#[test]
fn a_payload_with_something_behind_it_does_not_go_over() {
    let refused =
        transcode(Codec::Json, Codec::MsgPack, b"{} {}", &mut Vec::new()).expect_err("it is refused");
    assert_eq!(refused.to_string(), Reason::Trailing { at: 3 }.to_string());
}
