//! Tests of sessions beyond what every kind is tested for.

use plenum_domain::{Id, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::state::{BLANK, Session};
use super::timer::{Timer, TimerChange, TimerState};
use super::wire::{Fact, Live, LiveKind, Peak, Settings, Status, View};
use crate::engine::golden;
use crate::engine::sample::{Dice, Sample as _, person};
use crate::engine::stage::{START_MS, Stage};
use crate::engine::{Actor, Audience, Room as _, RoomRef, Scope, Viewer};

const MODERATOR: u64 = 0;
const SCREEN: u64 = 2;
const ANN: u64 = 3;
const BEN: u64 = 4;

fn stage() -> Stage {
    let mut stage = Stage::open("session", &json!({"title": "Opening", "hall": "Hall 1"}));
    [MODERATOR, SCREEN, ANN, BEN].into_iter().for_each(|n| stage.join(n));
    stage.wait_ms(1_000);
    stage
}

#[test]
fn a_joiner_sees_the_shape_that_clients_rely_on() {
    let mut stage = stage();
    let (state, id) = (stage.state(ANN), stage.id().to_string());
    assert_eq!(state["session"]["status"], "scheduled");
    assert_eq!(state["session"]["id"], json!(id));
    assert_eq!(state["live"], json!({"kind": "blank", "room": null, "text": null}));
    assert_eq!(state["timer"]["state"], "idle");
    assert_eq!(state["present"], 3, "screens are not people");
    let rooms = json!({"qa": format!("qa:{id}"), "messaging": format!("messaging:{id}"), "polls": []});
    assert_eq!(state["rooms"], rooms);
}

#[test]
fn it_starts_pauses_resumes_and_ends() {
    let mut stage = stage();
    assert_eq!(stage.refused(MODERATOR, "session.pause", &json!({})), "session.not_live");
    for (op, status) in [
        ("session.start", "live"),
        ("session.pause", "paused"),
        ("session.start", "live"),
        ("session.end", "ended"),
    ] {
        stage.does(MODERATOR, op, &json!({}));
        let told = stage.last_heard(SCREEN, "session.status").expect("everyone is told");
        assert_eq!(told["status"], status);
    }
    stage.does(MODERATOR, "session.end", &json!({}));
    assert!(stage.heard(ANN).iter().filter(|heard| heard.ev == "session.status").count() == 4, "said once");
}

#[test]
fn its_title_time_and_hall_can_be_changed() {
    let mut stage = stage();
    let edit = |stage: &mut Stage, data: Value| stage.does(MODERATOR, "session.edit", &data);
    edit(&mut stage, json!({"title": " Opening \u{202E}keynote ", "starts_ms": 1_000, "ends_ms": 2_000}));
    let told = stage.last_heard(SCREEN, "session.status").expect("everyone is told");
    assert_eq!((&told["title"], &told["hall"]), (&json!("Opening keynote"), &json!("Hall 1")));
    assert_eq!((&told["starts_ms"], &told["ends_ms"]), (&json!(1_000), &json!(2_000)));
    edit(&mut stage, json!({"hall": ""}));
    assert_eq!(stage.last_heard(SCREEN, "session.status").expect("told")["hall"], Value::Null);
    edit(&mut stage, json!({"title": "Opening keynote", "hall": " "}));
    assert!(stage.last_heard(SCREEN, "session.status").is_none(), "nothing changed");
    assert_eq!(stage.state(ANN)["session"]["title"], "Opening keynote");
    stage.assert_replays();
}

#[test]
fn a_session_does_not_end_before_it_starts_and_has_a_title() {
    let mut stage = stage();
    let refusal = |stage: &mut Stage, data: Value| {
        let refusal = stage.send(MODERATOR, "session.edit", &data).expect_err("it cannot work");
        (
            refusal.code,
            refusal.details.iter().find(|(name, _)| *name == "field").map(|(_, field)| field.clone()),
        )
    };
    stage.does(MODERATOR, "session.edit", &json!({"starts_ms": 1_000, "ends_ms": 2_000}));
    assert_eq!(refusal(&mut stage, json!({"ends_ms": 999})), ("hub.bad_frame", Some(json!("ends_ms"))));
    assert_eq!(refusal(&mut stage, json!({"starts_ms": 2_001})), ("hub.bad_frame", Some(json!("ends_ms"))));
    assert_eq!(refusal(&mut stage, json!({"title": " "})), ("hub.bad_frame", Some(json!("title"))));
    assert_eq!(refusal(&mut stage, json!({"hall": "x".repeat(301)})), ("hub.bad_frame", Some(json!("hall"))));
}

#[test]
fn only_moderators_run_it() {
    let mut stage = stage();
    for (op, data) in [
        ("session.start", json!({})),
        ("session.edit", json!({"title": "Mine"})),
        ("session.show", json!({"kind": "blank"})),
        ("session.timer", json!({"state": "idle"})),
        ("session.polls", json!({"order": []})),
        ("poll.create", json!({"title": "?"})),
    ] {
        assert_eq!(stage.refused(ANN, op, &data), "hub.forbidden", "{op}");
        assert_eq!(stage.refused(SCREEN, op, &data), "hub.forbidden", "{op}");
    }
}

#[test]
fn it_shows_its_own_rooms_and_short_texts_only() {
    let mut stage = stage();
    let id = stage.id();
    let show = |stage: &mut Stage, data: Value| match stage.send(MODERATOR, "session.show", &data) {
        Ok(_) => "",
        Err(refusal) => refusal.code,
    };
    assert_eq!(show(&mut stage, json!({"kind": "message", "text": " Back \u{202E}soon "})), "");
    let told = stage.last_heard(SCREEN, "session.live").expect("the screen is told");
    assert_eq!(told, json!({"kind": "message", "room": null, "text": "Back soon"}));
    assert_eq!(show(&mut stage, json!({"kind": "message", "text": "x".repeat(281)})), "session.too_long");
    assert_eq!(show(&mut stage, json!({"kind": "message"})), "hub.bad_frame");
    assert_eq!(show(&mut stage, json!({"kind": "blank", "text": "x"})), "hub.bad_frame");
    assert_eq!(show(&mut stage, json!({"kind": "poll"})), "hub.bad_frame");
    let other = RoomRef::new("screen", id);
    assert_eq!(show(&mut stage, json!({"kind": "qa", "room": other})), "session.foreign_room");
    assert_eq!(show(&mut stage, json!({"kind": "qa"})), "");
    assert_eq!(stage.state(ANN)["live"]["room"], json!(format!("qa:{id}")));
}

#[test]
fn a_countdown_sends_one_message_a_change_and_none_between() {
    let mut stage = stage();
    let timer = |stage: &mut Stage, data: Value| stage.does(MODERATOR, "session.timer", &data);
    let start = json!({"state": "running", "duration_ms": 60_000, "label": "Talk", "warn_ms": 20_000});
    timer(&mut stage, start);
    let running = stage.last_heard(SCREEN, "session.timer").expect("the screen is told");
    assert_eq!(running["ends_at_ms"], stage.now().ms() + 60_000);
    stage.wait_ms(30_000);
    assert!(stage.heard(SCREEN).is_empty(), "nothing is sent while it runs");
    timer(&mut stage, json!({"state": "paused"}));
    let paused = stage.last_heard(SCREEN, "session.timer").expect("the screen is told");
    assert_eq!((&paused["remaining_ms"], &paused["ends_at_ms"]), (&json!(30_000), &Value::Null));
    stage.wait_ms(10_000);
    timer(&mut stage, json!({"state": "running"}));
    timer(&mut stage, json!({"add_ms": 5_000}));
    stage.heard(SCREEN);
    stage.wait_ms(34_999);
    assert!(stage.heard(SCREEN).is_empty());
    stage.wait_ms(100_000);
    let over = stage.heard(SCREEN);
    assert_eq!(over.len(), 1, "over is told exactly once");
    assert_eq!((&over[0].data["state"], &over[0].data["duration_ms"]), (&json!("over"), &json!(65_000)));
    stage.assert_replays();
}

#[test]
fn a_timer_that_cannot_do_it_says_why() {
    let mut stage = stage();
    for (data, code) in [
        (json!({"state": "running"}), "session.timer_empty"),
        (json!({"state": "paused"}), "session.timer_not_running"),
        (json!({"add_ms": 1_000}), "session.timer_not_running"),
        (json!({"state": "running", "duration_ms": 0}), "hub.bad_frame"),
        (json!({"state": "running", "duration_ms": 86_400_001}), "hub.bad_frame"),
        (json!({"state": "over"}), "hub.bad_frame"),
        (json!({"state": "running", "duration_s": 5}), "hub.bad_frame"),
        (json!({"label": "x".repeat(81)}), "session.too_long"),
    ] {
        assert_eq!(stage.refused(MODERATOR, "session.timer", &data), code, "{data}");
    }
    stage.does(MODERATOR, "session.timer", &json!({"duration_ms": 5_000}));
    stage.does(MODERATOR, "session.timer", &json!({"state": "running"}));
    stage.does(MODERATOR, "session.timer", &json!({"add_ms": -9_000}));
    assert_eq!(stage.state(ANN)["timer"]["state"], "over", "no time is left");
    stage.does(MODERATOR, "session.timer", &json!({"add_ms": 2_000}));
    assert_eq!(stage.state(ANN)["timer"]["state"], "running", "time was given back");
    stage.does(MODERATOR, "session.timer", &json!({"state": "idle"}));
    assert_eq!(stage.state(ANN)["timer"]["duration_ms"], 0);
}

#[test]
fn reactions_are_summed_for_everyone_and_journaled_for_nobody() {
    let mut stage = stage();
    [ANN, BEN]
        .into_iter()
        .for_each(|n| assert_eq!(stage.send(n, "session.react", &json!({"emoji": "👏"})), Ok(None)));
    let refusal = stage.send(ANN, "session.react", &json!({"emoji": "🔥"})).expect_err("too soon");
    assert_eq!((refusal.code, refusal.retry_ms), ("hub.rate_limited", Some(300)));
    stage.wait_ms(250);
    let shown = stage.heard(SCREEN).into_iter().filter(|heard| heard.ev == "session.reactions");
    let total: u64 = shown.map(|heard| heard.data["counts"]["👏"].as_u64().unwrap_or_default()).sum();
    assert_eq!(total, 2);
    assert_eq!(stage.refused(SCREEN, "session.react", &json!({"emoji": "👏"})), "hub.forbidden");
    assert_eq!(stage.refused(ANN, "session.react", &json!({"emoji": "<b>"})), "session.unknown_emoji");
    assert_eq!(stage.state(ANN)["reactions"]["totals"], json!({"👏": 2}));
    stage.does(MODERATOR, "session.end", &json!({}));
    assert_eq!(stage.refused(ANN, "session.react", &json!({"emoji": "👏"})), "session.ended");
    stage.assert_replays();
}

#[test]
fn presence_is_told_when_it_changed() {
    let mut stage = stage();
    assert_eq!(stage.last_heard(SCREEN, "session.present"), Some(json!({"present": 3})));
    stage.join(ANN);
    stage.wait_ms(1_000);
    assert_eq!(stage.last_heard(SCREEN, "session.present"), None, "the same people are here");
    stage.leave(BEN);
    stage.wait_ms(1_000);
    assert_eq!(stage.last_heard(SCREEN, "session.present"), Some(json!({"present": 2})));
}

#[test]
fn polls_are_opened_listed_ordered_and_taken_off() {
    if crate::kinds::find("poll").is_none() {
        println!("there is no kind poll here");
        return;
    }
    let mut stage = stage();
    let poll = |title: &str| {
        json!({"title": title, "kind": "single", "anonymous": true, "results": "always", "change_vote": true,
            "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]})
    };
    let [first, second] = ["First", "Secret second"].map(|title| {
        let accepted = stage.send(MODERATOR, "poll.create", &poll(title)).expect("it works");
        let room = accepted.and_then(|accepted| accepted.opened).expect("a room is opened");
        assert_eq!(room, RoomRef::new("poll", stage.last_key()));
        assert!(stage.has_room(room));
        room
    });
    assert!(
        stage.send(MODERATOR, "poll.create", &json!({"title": "x"})).is_err(),
        "the poll's own kind checks"
    );
    assert_eq!(stage.state(ANN)["rooms"]["polls"], json!([first, second]));
    assert!(!stage.ever_saw(ANN, "Secret second") && stage.ever_saw(MODERATOR, "Secret second"));
    assert_eq!(
        stage.refused(MODERATOR, "session.polls", &json!({"order": [first, first]})),
        "session.wrong_order"
    );
    stage.does(MODERATOR, "session.polls", &json!({"order": [second, first]}));
    assert_eq!(stage.last_heard(SCREEN, "session.polls"), Some(json!({"polls": [second, first]})));
    stage.does(MODERATOR, "session.show", &json!({"kind": "poll", "room": second}));
    stage.does(MODERATOR, "session.remove_poll", &json!({"room": second}));
    assert_eq!(stage.state(ANN)["live"]["kind"], "blank");
    assert_eq!(
        stage.refused(MODERATOR, "session.remove_poll", &json!({"room": second})),
        "session.unknown_poll"
    );
    stage.assert_replays();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn made_up_traffic_replays(seed: u64) {
        let mut dice = Dice::new(seed);
        let mut stage = Stage::open("session", &super::Samples.settings(&mut dice));
        (0..6).for_each(|n| stage.join(n));
        stage.play(&mut dice, 6, 60, |_, _| ());
        stage.assert_replays();
    }

    #[test]
    fn a_timer_never_ends_before_its_time(
        changes in proptest::collection::vec((0_u8..5, 1_i64..100_000, 0_i64..50_000), 1..40),
    ) {
        let mut timer = Timer::default();
        let mut now = Timestamp::from_ms(START_MS);
        for (what, ms, pass_ms) in changes {
            let change = change(what, ms);
            timer = timer.changed(&change, now).unwrap_or(timer);
            let due = timer.wake_at();
            now = now.plus_ms(pass_ms);
            let over = timer.over(now);
            prop_assert_eq!(over.is_some(), due.is_some_and(|due| due <= now));
            timer = over.unwrap_or(timer);
            prop_assert!(timer.over(now).is_none(), "over is over once");
            prop_assert_eq!(timer.ends_at_ms.is_some(), matches!(timer.state, TimerState::Running | TimerState::Over));
        }
    }
}

fn change(what: u8, ms: i64) -> TimerChange {
    let state = |state| TimerChange { state: Some(state), ..TimerChange::default() };
    match what {
        0 => TimerChange { duration_ms: Some(ms), ..state(TimerState::Running) },
        1 => state(TimerState::Paused),
        2 => state(TimerState::Running),
        3 => TimerChange { add_ms: Some(ms - 50_000), ..TimerChange::default() },
        _ => state(TimerState::Idle),
    }
}

#[test]
fn facts_and_views_are_as_written_down() {
    let id = |n: u128| Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + n);
    let live = Live { kind: LiveKind::Message, room: None, text: Some("عودة قريبا".to_owned()) };
    let timer = TimerChange { duration_ms: Some(300_000), ..change(2, 0) };
    let timer = Timer::default().changed(&timer, Timestamp::from_ms(START_MS)).expect("it starts");
    let (starts_ms, ends_ms) = (Some(Timestamp::from_ms(START_MS)), None);
    let about = Settings { title: "Opening".to_owned(), starts_ms, ends_ms, hall: Some("Hall 1".to_owned()) };
    let facts = [
        ("status", Fact::Status(Status::Live)),
        ("live", Fact::Live(live)),
        ("blank", Fact::Live(BLANK)),
        ("edited", Fact::Edited(about)),
        ("timer", Fact::Timer(timer)),
        (
            "poll_added",
            Fact::PollAdded { poll: id(9), title: "Tea?".to_owned(), settings: json!({"title": "Tea?"}) },
        ),
        ("polls_ordered", Fact::PollsOrdered(vec![id(9), id(8)])),
        ("poll_removed", Fact::PollRemoved(id(8))),
        ("peak", Fact::Peak(Peak { from: Timestamp::from_ms(START_MS), people: 42 })),
    ];
    golden::check_readable("session", "facts", &facts);
    let scope = Scope { tenant: id(1), conference: id(2), session: Some(id(3)) };
    let settings =
        serde_json::from_value(json!({"title": "Opening", "hall": "Hall 1"})).expect("it is readable");
    let mut session = Session::open(id(3), scope, settings).expect("it opens");
    facts.iter().take(6).for_each(|(_, fact)| session.evolve(fact));
    session.present(42, Timestamp::from_ms(START_MS));
    let see = |actor: &Actor, audience| session.state(&Viewer { actor, audience });
    let views = [
        ("state", see(&person(3), Audience::Attendee)),
        ("state_for_moderators", see(&person(0), Audience::Moderator)),
        ("status", View::Status(session.session_view())),
        ("timer", View::Timer(session.timer.clone())),
        ("polls", View::Polls(session.polls_view(false))),
        ("present", View::Present { present: 42 }),
        ("reactions", View::Reactions { counts: [("👏", 7)].into() }),
    ];
    golden::check("session", "views", &views);
}
