//! One rule, one test.

use super::*;
use crate::engine::sample::person;

#[test]
fn a_joiner_sees_the_shape_that_clients_rely_on() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Why?");
    vote(&mut stage, BEN, question);
    let state = stage.state(BEN);
    assert_eq!(state["settings"]["premoderation"], false);
    assert_eq!((&state["mine"], &state["asked"]), (&json!([question]), &json!([])));
    let shown = &state["questions"][0];
    assert_eq!(
        (&shown["text"], &shown["status"], &shown["votes"]),
        (&json!("Why?"), &json!("live"), &json!(1))
    );
    assert_eq!(shown["author"], json!({"id": person(ANN).participant, "name": "Person 3"}));
    assert_eq!((&shown["claimed_by"], &shown["reason"]), (&Value::Null, &Value::Null));
    assert_eq!(stage.state(ANN)["asked"], json!([question]));
}

#[test]
fn what_waits_is_seen_by_moderators_and_its_asker_only() {
    let mut stage = stage(&json!({"premoderation": true}));
    let question = ask(&mut stage, ANN, "Waiting text");
    for n in [SCREEN, BEN] {
        assert!(!stage.ever_saw(n, "Waiting text"), "person {n}");
    }
    assert_eq!(seen(&mut stage, ANN, question).expect("it is hers")["status"], "pending");
    assert_eq!(stage.refused(BEN, "qa.vote", &json!({"question": question, "up": true})), "qa.not_found");
    assert_eq!(
        stage.last_heard(MODERATOR, "qa.question").expect("moderators are told")["text"],
        "Waiting text"
    );
    stage.does(MODERATOR, "qa.approve", &one(question));
    assert_eq!(stage.last_heard(BEN, "qa.question").expect("everyone is told")["status"], "live");
    assert_eq!(stage.last_heard(ANN, "qa.fate").expect("its asker is told")["status"], "live");
    let moderators = ask(&mut stage, MODERATOR, "From the chair");
    assert_eq!(seen(&mut stage, BEN, moderators).expect("it does not wait")["status"], "live");
}

#[test]
fn its_asker_is_told_why_it_was_rejected_and_nobody_else() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Rude text");
    stage.does(MODERATOR, "qa.reject", &json!({"question": question, "reason": "be kind"}));
    let fate = stage.heard(ANN).into_iter().find(|heard| heard.data["status"] == "rejected");
    let fate = fate.expect("its asker is told");
    assert_eq!(
        (fate.ev, &fate.data["reason"], &fate.data["text"]),
        ("qa.fate", &json!("be kind"), &json!("Rude text"))
    );
    let gravestone = stage.last_heard(BEN, "qa.question").expect("who had seen it is told");
    assert_eq!((&gravestone["text"], &gravestone["author"]), (&json!(""), &Value::Null));
    assert!(!stage.ever_saw(BEN, "be kind") && !stage.sees(BEN, "Rude text"));
    assert!(stage.sees(MODERATOR, "be kind") && stage.sees(ANN, "be kind"));
    stage.does(MODERATOR, "qa.approve", &one(question));
    assert_eq!(seen(&mut stage, BEN, question).expect("it is back")["text"], "Rude text");
    assert!(!stage.sees(ANN, "be kind"), "the reason holds no more");
}

#[test]
fn edit_then_allow_shows_the_first_text_to_moderators_only() {
    let mut stage = stage(&json!({"premoderation": true}));
    let question = ask(&mut stage, ANN, "Damn, why?");
    stage.does(MODERATOR, "qa.edit", &json!({"question": question, "text": "Why?"}));
    let shown = seen(&mut stage, BEN, question).expect("it is allowed");
    assert_eq!(
        (&shown["text"], &shown["status"], &shown["edited"]),
        (&json!("Why?"), &json!("live"), &json!(true))
    );
    assert!(!stage.ever_saw(BEN, "Damn") && !stage.ever_saw(SCREEN, "Damn"));
    assert_eq!(seen(&mut stage, MODERATOR, question).expect("it is there")["original"], "Damn, why?");
}

#[test]
fn a_vote_counts_once_and_never_for_ones_own() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Why?");
    assert_eq!(stage.refused(ANN, "qa.vote", &json!({"question": question, "up": true})), "qa.own_question");
    for _ in 0..3 {
        vote(&mut stage, BEN, question);
    }
    vote(&mut stage, CEM, question);
    let told = stage.last_heard(SCREEN, "qa.votes").expect("everyone is told");
    assert_eq!(told["votes"], json!({question.to_string(): 2}));
    assert_eq!(
        told["scores"][question.to_string()],
        seen(&mut stage, ANN, question).expect("it is there")["score"]
    );
    stage.does(BEN, "qa.vote", &json!({"question": question, "up": false}));
    stage.does(BEN, "qa.vote", &json!({"question": question, "up": false}));
    assert_eq!(seen(&mut stage, ANN, question).expect("it is there")["votes"], 1);
    assert_eq!(stage.state(BEN)["mine"], json!([]));
    assert_eq!(stage.refused(SCREEN, "qa.vote", &json!({"question": question, "up": true})), "hub.forbidden");
}

#[test]
fn votes_of_one_beat_are_one_digest() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Why?");
    stage.heard(SCREEN);
    for n in [BEN, CEM, MODERATOR, SECOND] {
        stage.does(n, "qa.vote", &json!({"question": question, "up": true}));
    }
    stage.wait_ms(500);
    let told: Vec<_> = stage.heard(SCREEN).into_iter().filter(|heard| heard.ev == "qa.votes").collect();
    assert_eq!(told.len(), 2, "the first at once, the others together");
    assert_eq!(told[1].data["votes"], json!({question.to_string(): 4}));
}

#[test]
fn merging_keeps_every_voter_once() {
    let mut stage = stage(&json!({}));
    let [into, twin, third] =
        [(ANN, "Into"), (BEN, "Twin"), (CEM, "Third")].map(|(n, text)| ask(&mut stage, n, text));
    vote(&mut stage, CEM, into);
    for (n, question) in [(ANN, twin), (CEM, twin), (MODERATOR, twin), (SECOND, third), (MODERATOR, third)] {
        vote(&mut stage, n, question);
    }
    stage.does(MODERATOR, "qa.merge", &json!({"into": into, "questions": [twin, third]}));
    let votes = |stage: &mut Stage| seen(stage, SCREEN, into).expect("it is there")["votes"].clone();
    assert_eq!(votes(&mut stage), 3, "Cem, and both moderators; Ann asked it");
    assert_eq!(seen(&mut stage, SCREEN, twin), None);
    assert_eq!(seen(&mut stage, BEN, twin).expect("it is his")["merged_into"], json!(into));
    assert_eq!(stage.state(MODERATOR)["mine"].as_array().map(Vec::len), Some(3), "its vote counts there now");
    vote(&mut stage, BEN, twin);
    assert_eq!(votes(&mut stage), 4, "a late vote for a part counts for the whole");
    stage.does(MODERATOR, "qa.vote", &json!({"question": into, "up": false}));
    assert_eq!(votes(&mut stage), 3, "taking it back holds for the parts as well");
    stage.does(MODERATOR, "qa.unmerge", &one(twin));
    assert_eq!(votes(&mut stage), 3, "Ben, Cem and the second moderator");
    assert_eq!(seen(&mut stage, SCREEN, twin).expect("it is back")["votes"], 2, "Ann and Cem");
    stage.assert_replays();
}

#[test]
fn moderators_are_told_of_the_parts_of_what_a_vote_was_taken_back_from() {
    let mut stage = stage(&json!({}));
    let [into, twin, deep] =
        [(ANN, "Into"), (ANN, "Twin"), (ANN, "Deep")].map(|(n, text)| ask(&mut stage, n, text));
    for question in [into, twin, deep] {
        vote(&mut stage, BEN, question);
    }
    vote(&mut stage, CEM, deep);
    stage.does(MODERATOR, "qa.merge", &json!({"into": twin, "questions": [deep]}));
    stage.does(MODERATOR, "qa.merge", &json!({"into": into, "questions": [twin]}));
    stage.wait_ms(500);
    stage.heard(SCREEN);
    stage.does(BEN, "qa.vote", &json!({"question": into, "up": false}));
    stage.wait_ms(500);
    let told = stage.last_heard(MODERATOR, "qa.votes").expect("a vote was taken back");
    let counts: [(Id, u32); 3] = [(into, 1), (twin, 1), (deep, 1)];
    let counts: serde_json::Map<_, _> =
        counts.map(|(id, votes)| (id.to_string(), json!(votes))).into_iter().collect();
    assert_eq!(told["votes"], Value::Object(counts));
    let told = stage.last_heard(SCREEN, "qa.votes").expect("a vote was taken back");
    assert_eq!(told["votes"], json!({into.to_string(): 1}), "others see no parts");
}

#[test]
fn supporters_hear_what_their_vote_counts_for() {
    let mut stage = stage(&json!({}));
    let into = ask(&mut stage, ANN, "Why tea?");
    let twin = ask(&mut stage, SECOND, "Tea, why?");
    vote(&mut stage, BEN, twin);
    vote(&mut stage, CEM, into);
    vote(&mut stage, CEM, twin);
    [BEN, CEM].into_iter().for_each(|n| drop(stage.heard(n)));
    let mine = |stage: &mut Stage, n| -> Vec<(Value, Value)> {
        let heard = stage.heard(n).into_iter().filter(|heard| heard.ev == "qa.mine");
        let mut mine: Vec<_> =
            heard.map(|heard| (heard.data["question"].clone(), heard.data["up"].clone())).collect();
        mine.dedup();
        mine
    };
    stage.does(MODERATOR, "qa.merge", &json!({"into": into, "questions": [twin]}));
    assert_eq!(mine(&mut stage, BEN), [(json!(into), json!(true))]);
    assert_eq!(mine(&mut stage, CEM), [], "who voted for the whole goes on doing so");
    stage.does(MODERATOR, "qa.unmerge", &one(twin));
    assert_eq!(mine(&mut stage, BEN), [(json!(into), json!(false))]);
    stage.does(MODERATOR, "qa.merge", &json!({"into": into, "questions": [twin]}));
    mine(&mut stage, BEN);
    stage.does(BEN, "qa.vote", &json!({"question": twin, "up": false}));
    stage.wait_ms(500);
    let both = [(json!(into), json!(false)), (json!(twin), json!(false))];
    assert_eq!(mine(&mut stage, BEN), both, "it was taken back from the whole and from its part");
    assert_eq!(stage.state(BEN)["mine"], json!([]));
}

#[test]
fn a_merge_that_makes_no_sense_is_refused() {
    let mut stage = stage(&json!({}));
    let [into, twin] = ["Into", "Twin"].map(|text| ask(&mut stage, ANN, text));
    for (data, code) in [
        (json!({"into": into, "questions": []}), "qa.bad_merge"),
        (json!({"into": into, "questions": [into, twin]}), "qa.bad_merge"),
        (json!({"into": into, "questions": [Id::from_bits(7)]}), "qa.not_found"),
    ] {
        assert_eq!(stage.refused(MODERATOR, "qa.merge", &data), code);
    }
    stage.does(MODERATOR, "qa.merge", &json!({"into": into, "questions": [twin]}));
    let back = json!({"into": twin, "questions": [into]});
    assert_eq!(stage.refused(MODERATOR, "qa.merge", &back), "qa.wrong_status", "no circles");
}

#[test]
fn two_moderators_do_not_collide_and_a_vanished_one_blocks_nobody() {
    let mut stage = stage(&json!({"premoderation": true}));
    let question = ask(&mut stage, ANN, "Why?");
    stage.does(MODERATOR, "qa.claim", &one(question));
    assert_eq!(seen(&mut stage, SECOND, question).expect("it is there")["claimed_name"], "Person 0");
    let refusal = stage.send(SECOND, "qa.approve", &one(question)).expect_err("it is claimed");
    assert_eq!((refusal.code, &refusal.details[0].1["name"]), ("qa.claimed_by_other", &json!("Person 0")));
    assert_eq!(stage.refused(SECOND, "qa.claim", &one(question)), "qa.claimed_by_other");
    stage.wait_ms(100_000);
    stage.does(MODERATOR, "qa.claim", &one(question));
    stage.wait_ms(119_000);
    assert_eq!(stage.refused(SECOND, "qa.approve", &one(question)), "qa.claimed_by_other");
    stage.wait_ms(1_000);
    assert_eq!(seen(&mut stage, SECOND, question).expect("it is there")["claimed_by"], Value::Null);
    stage.does(SECOND, "qa.approve", &one(question));
    stage.does(SECOND, "qa.claim", &one(question));
    stage.does(SECOND, "qa.unclaim", &one(question));
    stage.does(MODERATOR, "qa.answered", &one(question));
    assert!(!stage.ever_saw(ANN, "Person 0"), "who works on it is for moderators");
    stage.assert_replays();
}

#[test]
fn one_question_is_pinned_at_most() {
    let mut stage = stage(&json!({}));
    let [first, second] = ["First", "Second"].map(|text| ask(&mut stage, ANN, text));
    stage.does(MODERATOR, "qa.pin", &one(first));
    stage.does(MODERATOR, "qa.pin", &one(second));
    let statuses =
        [first, second].map(|id| seen(&mut stage, BEN, id).expect("it is there")["status"].clone());
    assert_eq!(statuses, [json!("live"), json!("pinned")]);
    stage.does(MODERATOR, "qa.answered", &one(second));
    assert_eq!(stage.refused(MODERATOR, "qa.pin", &one(second)), "qa.wrong_status");
    stage.does(MODERATOR, "qa.reopen", &one(second));
    assert_eq!(seen(&mut stage, BEN, second).expect("it is there")["status"], "live");
}

#[test]
fn who_asks_without_a_name_has_none_for_anybody() {
    let mut stage = stage(&json!({}));
    stage.does(ANN, "qa.ask", &json!({"text": "Why?", "anonymous": true}));
    stage.wait_ms(500);
    for n in [MODERATOR, SECOND, SCREEN, BEN, CEM] {
        assert!(!stage.ever_saw(n, "Person 3"), "person {n}");
        assert!(!stage.ever_saw(n, &person(ANN).participant.to_string()), "person {n}");
    }
    stage.does(MODERATOR, "qa.configure", &json!({"anonymous": false}));
    let data = json!({"text": "Why?", "anonymous": true});
    assert_eq!(stage.refused(ANN, "qa.ask", &data), "qa.names_only");
}

#[test]
fn there_are_limits() {
    let mut stage = stage(&json!({"max_chars": 10, "per_person_open": 2}));
    let first = ask(&mut stage, ANN, "  0123456789  ");
    ask(&mut stage, ANN, "b");
    for (data, code) in [
        (json!({"text": "c"}), "qa.too_many"),
        (json!({"text": "c", "votes": 3}), "hub.bad_frame"),
        (json!({}), "hub.bad_frame"),
    ] {
        assert_eq!(stage.refused(ANN, "qa.ask", &data), code);
    }
    assert_eq!(stage.refused(BEN, "qa.ask", &json!({"text": "01234567890"})), "qa.too_long");
    assert_eq!(stage.refused(BEN, "qa.ask", &json!({"text": " \u{202E} "})), "qa.empty");
    stage.does(ANN, "qa.withdraw", &one(first));
    ask(&mut stage, ANN, "c");
    assert_eq!(stage.refused(MODERATOR, "qa.configure", &json!({"max_chars": 0})), "hub.bad_frame");
    stage.does(MODERATOR, "qa.configure", &json!({"open": false}));
    assert_eq!(stage.last_heard(BEN, "qa.settings").expect("everyone is told")["open"], false);
    assert_eq!(stage.refused(BEN, "qa.ask", &json!({"text": "d"})), "qa.closed");
}

#[test]
fn only_its_asker_withdraws_and_the_text_is_gone() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Oops text");
    assert_eq!(stage.refused(BEN, "qa.withdraw", &one(question)), "qa.not_yours");
    assert_eq!(stage.refused(MODERATOR, "qa.withdraw", &one(question)), "qa.not_yours");
    stage.does(ANN, "qa.withdraw", &one(question));
    stage.wait_ms(500);
    assert_eq!(stage.last_heard(BEN, "qa.question").expect("who had seen it is told")["text"], "");
    assert!(!stage.sees(BEN, "Oops text"));
    let vote = json!({"question": question, "up": true});
    assert_eq!(stage.refused(BEN, "qa.vote", &vote), "qa.wrong_status");
    let answered = ask(&mut stage, ANN, "Why?");
    stage.does(MODERATOR, "qa.answered", &one(answered));
    assert_eq!(stage.refused(ANN, "qa.withdraw", &one(answered)), "qa.wrong_status");
}

#[test]
fn premoderation_is_switched_live_for_what_comes_after() {
    let mut stage = stage(&json!({}));
    let early = ask(&mut stage, ANN, "Early");
    stage.does(MODERATOR, "qa.configure", &json!({"premoderation": true}));
    let late = ask(&mut stage, ANN, "Late");
    assert_eq!(seen(&mut stage, BEN, early).expect("it stays")["status"], "live");
    assert_eq!(seen(&mut stage, BEN, late), None);
    stage.does(MODERATOR, "qa.configure", &json!({"premoderation": false}));
    assert_eq!(seen(&mut stage, BEN, late), None, "what waits goes on waiting");
    let claimed = ask(&mut stage, BEN, "Claimed");
    assert_eq!(seen(&mut stage, CEM, claimed).expect("it is live")["status"], "live");
    stage.does(MODERATOR, "qa.configure", &json!({"approve_pending": true}));
    assert_eq!(seen(&mut stage, BEN, late).expect("all is approved")["status"], "live");
}

#[test]
fn only_moderators_moderate() {
    let mut stage = stage(&json!({}));
    let question = ask(&mut stage, ANN, "Why?");
    for op in [
        "qa.approve",
        "qa.reject",
        "qa.pin",
        "qa.unpin",
        "qa.answered",
        "qa.reopen",
        "qa.claim",
        "qa.unclaim",
    ] {
        assert_eq!(stage.refused(ANN, op, &one(question)), "hub.forbidden", "{op}");
        assert_eq!(stage.refused(SCREEN, op, &one(question)), "hub.forbidden", "{op}");
    }
    assert_eq!(stage.refused(ANN, "qa.configure", &json!({"premoderation": false})), "hub.forbidden");
    assert_eq!(stage.refused(SCREEN, "qa.ask", &json!({"text": "?"})), "hub.forbidden");
}

#[test]
fn a_late_question_is_measured_by_those_who_could_see_it() {
    let mut stage = Stage::open("qa", &json!({}));
    (0..30).for_each(|n| stage.join(n));
    let early = ask(&mut stage, ANN, "Early");
    let crowd = ask(&mut stage, BEN, "Crowd");
    (6..30).for_each(|n| vote(&mut stage, n, crowd));
    (6..12).for_each(|n| vote(&mut stage, n, early));
    let late = ask(&mut stage, CEM, "Late");
    (12..17).for_each(|n| vote(&mut stage, n, late));
    let score = |stage: &mut Stage, id| seen(stage, SCREEN, id).expect("it is there")["score"].as_u64();
    assert!(score(&mut stage, late) > score(&mut stage, early), "5 of 5 before 6 of 24");
}

#[test]
fn who_was_away_never_reads_what_is_gone() {
    let mut stage = stage(&json!({}));
    ask(&mut stage, BEN, "Before");
    stage.leave(CEM);
    let [rude, oops, rough, twin] =
        ["Rude text", "Oops text", "Rough text", "Twin text"].map(|text| ask(&mut stage, ANN, text));
    stage.does(MODERATOR, "qa.reject", &one(rude));
    stage.does(ANN, "qa.withdraw", &one(oops));
    stage.does(MODERATOR, "qa.edit", &json!({"question": rough, "text": "Smooth"}));
    stage.does(MODERATOR, "qa.merge", &json!({"into": rough, "questions": [twin]}));
    ask(&mut stage, BEN, "After");
    stage.come_back(CEM);
    let seen = stage.all_seen(CEM);
    for text in ["Rude text", "Oops text", "Rough text", "Twin text"] {
        assert!(!seen.contains(text), "{text}");
    }
    assert!(seen.contains("Smooth") && seen.contains("After"));
    stage.leave(CEM);
    ask(&mut stage, BEN, "Much later");
    stage.come_back(CEM);
    assert!(stage.ever_saw(CEM, "Much later"));
}
