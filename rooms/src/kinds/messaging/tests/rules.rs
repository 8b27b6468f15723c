//! One rule, one test.

use super::*;
use crate::engine::sample::person;

#[test]
fn a_joiner_sees_the_shape_that_clients_rely_on() {
    let mut stage = stage(&json!({}));
    let message = write(&mut stage, ANN, " Hello\u{202E} ");
    let told = stage.last_heard(BEN, "chat.message").expect("everyone is told");
    let state = stage.state(BEN);
    assert_eq!(state["messages"], json!([told]));
    let expected = json!({"id": message, "author": {"id": person(ANN).participant, "name": "Person 3"}, "text": "Hello",
        "at_ms": told["at_ms"], "reactions": {}, "deleted": false, "reply_to": null});
    assert_eq!(told, expected);
    assert_eq!((&state["slow_mode_s"], &state["muted"]), (&json!(0), &json!(false)));
}

#[test]
fn a_joiner_gets_the_latest_fifty_and_memory_is_bounded() {
    let mut stage = stage(&json!({}));
    let first = write(&mut stage, ANN, "first");
    for n in 0..1_000 {
        stage.does(BEN, "chat.send", &json!({"text": format!("line {n}")}));
    }
    let state = stage.state(CEM);
    let messages = state["messages"].as_array().expect("a state has messages");
    assert_eq!((messages.len(), &messages[49]["text"]), (50, &json!("line 999")));
    assert_eq!(stage.refused(ANN, "chat.delete", &json!({"message": first})), "messaging.not_found");
    stage.wait_ms(1_000);
    let heard = stage.heard(CEM).into_iter().filter(|heard| heard.ev == "chat.message").count();
    assert_eq!(heard, 1_001, "every line is told once");
    stage.assert_replays();
}

#[test]
fn a_reaction_is_one_per_person_and_emoji() {
    let mut stage = stage(&json!({}));
    let message = write(&mut stage, ANN, "Hello");
    let react = |stage: &mut Stage, n, data: Value| stage.does(n, "chat.react", &data);
    for n in [ANN, BEN, CEM] {
        react(&mut stage, n, json!({"message": message, "emoji": "👍"}));
    }
    react(&mut stage, CEM, json!({"message": message, "emoji": "👍"}));
    react(&mut stage, BEN, json!({"message": message, "emoji": "👍", "on": true}));
    stage.wait_ms(500);
    let told = stage.last_heard(SCREEN, "chat.reactions").expect("everyone is told");
    assert_eq!(told, json!({"id": message, "reactions": {"👍": 2}}));
    assert_eq!(stage.state(BEN)["mine"], json!({message.to_string(): ["👍"]}));
    assert_eq!(stage.state(CEM)["mine"], json!({}));
    let data = json!({"message": message, "emoji": "<script>"});
    assert_eq!(stage.refused(ANN, "chat.react", &data), "messaging.unknown_emoji");
}

#[test]
fn a_deleted_message_is_gone_for_everyone() {
    let mut stage = stage(&json!({}));
    let message = write(&mut stage, ANN, "Regrettable");
    assert_eq!(stage.refused(BEN, "chat.delete", &json!({"message": message})), "messaging.not_yours");
    stage.does(ANN, "chat.delete", &json!({"message": message}));
    assert_eq!(stage.last_heard(SCREEN, "chat.deleted"), Some(json!({"id": message})));
    (0..6).for_each(|n| assert!(!stage.sees(n, "Regrettable"), "person {n}"));
    let state = stage.state(BEN);
    assert_eq!((&state["messages"][0]["deleted"], &state["messages"][0]["text"]), (&json!(true), &json!("")));
    for (op, data) in [
        ("chat.react", json!({"message": message, "emoji": "👍"})),
        ("chat.send", json!({"text": "x", "reply_to": message})),
        ("chat.report", json!({"message": message})),
    ] {
        assert_eq!(stage.refused(BEN, op, &data), "messaging.not_found", "{op}");
    }
    let other = write(&mut stage, BEN, "Off topic");
    stage.does(MODERATOR, "chat.delete", &json!({"message": other}));
    assert!(!stage.sees(BEN, "Off topic"));
}

#[test]
fn what_is_deleted_before_the_beat_is_told_to_nobody() {
    let mut stage = stage(&json!({}));
    write(&mut stage, BEN, "First");
    stage.does(BEN, "chat.send", &json!({"text": "Starts a beat"}));
    let message = stage.does(ANN, "chat.send", &json!({"text": "Sent too soon"}));
    stage.does(ANN, "chat.delete", &json!({"message": message}));
    stage.wait_ms(500);
    (0..6).for_each(|n| assert!(!stage.ever_saw(n, "Sent too soon"), "person {n}"));
}

#[test]
fn who_was_away_never_reads_what_was_deleted() {
    let mut stage = stage(&json!({}));
    write(&mut stage, BEN, "Before");
    stage.leave(CEM);
    let message = write(&mut stage, ANN, "Regrettable");
    stage.does(ANN, "chat.delete", &json!({"message": message}));
    write(&mut stage, BEN, "After");
    stage.come_back(CEM);
    assert!(!stage.ever_saw(CEM, "Regrettable") && stage.ever_saw(CEM, "After"));
}

#[test]
fn a_mute_is_told_to_the_person_and_ends_by_itself() {
    let mut stage = stage(&json!({}));
    let ann = person(ANN).participant;
    let message = write(&mut stage, BEN, "Hello");
    stage.does(MODERATOR, "chat.mute", &json!({"participant": ann, "for_s": 60}));
    let told = stage.last_heard(ANN, "chat.muted").expect("the person is told");
    assert_eq!(told["until_ms"], stage.now().ms() + 60_000);
    assert!(stage.last_heard(BEN, "chat.muted").is_none() && stage.last_heard(BEN, "chat.mutes").is_none());
    stage.wait_ms(10_000);
    let refusal = stage.send(ANN, "chat.send", &json!({"text": "x"})).expect_err("she is muted");
    assert_eq!((refusal.code, refusal.retry_ms), ("messaging.muted", Some(50_000)));
    assert_eq!(
        stage.refused(ANN, "chat.react", &json!({"message": message, "emoji": "👍"})),
        "messaging.muted"
    );
    assert_eq!(stage.state(ANN)["muted"], true);
    assert_eq!(stage.state(MODERATOR)["mutes"][0]["participant"], json!(ann));
    stage.wait_ms(50_000);
    assert_eq!(stage.last_heard(ANN, "chat.muted"), Some(json!({"until_ms": null})));
    write(&mut stage, ANN, "x");
    stage.does(MODERATOR, "chat.mute", &json!({"participant": ann, "for_s": 60}));
    stage.does(MODERATOR, "chat.mute", &json!({"participant": ann, "for_s": 0}));
    write(&mut stage, ANN, "y");
    stage.assert_replays();
}

#[test]
fn slow_mode_slows_attendees_down() {
    let mut stage = stage(&json!({"slow_mode_s": 10}));
    write(&mut stage, ANN, "one");
    let refusal = stage.send(ANN, "chat.send", &json!({"text": "two"})).expect_err("too soon");
    assert_eq!((refusal.code, refusal.retry_ms), ("messaging.slow", Some(9_500)));
    write(&mut stage, BEN, "someone else may");
    write(&mut stage, MODERATOR, "moderators");
    write(&mut stage, MODERATOR, "always may");
    stage.wait_ms(9_000);
    write(&mut stage, ANN, "two");
    stage.does(MODERATOR, "chat.slow", &json!({"seconds": 0}));
    assert_eq!(stage.last_heard(SCREEN, "chat.slow"), Some(json!({"slow_mode_s": 0})));
    write(&mut stage, ANN, "three");
}

#[test]
fn moderators_hear_what_is_reported_and_not_by_whom() {
    let mut stage = stage(&json!({}));
    let message = write(&mut stage, ANN, "Buy my coins");
    stage.does(BEN, "chat.report", &json!({"message": message, "reason": "spam"}));
    stage.does(BEN, "chat.report", &json!({"message": message, "reason": "again"}));
    stage.does(CEM, "chat.report", &json!({"message": message}));
    stage.wait_ms(500);
    let told = stage.last_heard(MODERATOR, "chat.report").expect("moderators are told");
    assert_eq!(told, json!({"message": message, "reports": 2, "reasons": ["spam"]}));
    assert_eq!(stage.state(MODERATOR)["reports"], json!([told]));
    assert!(!stage.ever_saw(ANN, "spam") && !stage.ever_saw(SCREEN, "spam"));
    assert!(!stage.ever_saw(MODERATOR, &person(BEN).participant.to_string()));
}

#[test]
fn there_are_limits() {
    let mut stage = stage(&json!({}));
    for (n, op, data, code) in [
        (ANN, "chat.send", json!({"text": "x".repeat(501)}), "messaging.too_long"),
        (ANN, "chat.send", json!({"text": " \n "}), "messaging.empty"),
        (ANN, "chat.send", json!({"text": "x", "anonymous": true}), "hub.bad_frame"),
        (ANN, "chat.send", json!({"text": "x", "reply_to": Id::from_bits(7)}), "messaging.not_found"),
        (ANN, "chat.slow", json!({"seconds": 5}), "hub.forbidden"),
        (ANN, "chat.mute", json!({"participant": Id::from_bits(7), "for_s": 5}), "hub.forbidden"),
        (SCREEN, "chat.send", json!({"text": "x"}), "hub.forbidden"),
        (MODERATOR, "chat.slow", json!({"seconds": 3_601}), "hub.bad_frame"),
        (
            MODERATOR,
            "chat.mute",
            json!({"participant": Id::from_bits(7), "for_s": 2_592_001}),
            "hub.bad_frame",
        ),
    ] {
        assert_eq!(stage.refused(n, op, &data), code, "{op} {data}");
    }
    write(&mut stage, ANN, &"é".repeat(500));
}
