use plenum_client::core::NoToken;
use plenum_client::{Codec, LinkState, Refusal, StopReason};
use plenum_protocol::code;
use serde_json::json;

use crate::world::{START_MS, World};

fn is_waiting(world: &World) -> bool {
    matches!(world.state, LinkState::Waiting { .. })
}

#[test]
fn hello_comes_first_with_the_token_and_the_clients_name() {
    for codec in Codec::ALL {
        let mut world = World::new(codec);
        world.core.start(world.now_ms);
        world.give_token();
        world.core.opened(world.now_ms);
        world.settle();
        let hello = world.take("hello");
        assert_eq!(hello.data, Some(json!({"token": "T", "client": "test/1"})));
        assert_eq!((world.opens, world.tokens.as_slice()), (1, [false].as_slice()));
    }
}

#[test]
fn the_hub_says_who_one_is() {
    let world = World::live();
    assert_eq!(world.state, LinkState::Live { participant: "P".to_owned(), session: "S".to_owned() });
}

#[test]
fn an_opening_that_takes_longer_than_ten_seconds_is_given_up() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.give_token();
    world.pass(9_999);
    assert_eq!(world.state, LinkState::Connecting);
    world.pass(1);
    assert!(is_waiting(&world));
    assert_eq!(world.closes, 1);
}

#[test]
fn failures_wait_longer_and_never_more_than_half_a_minute() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    let mut waits = Vec::new();
    for _ in 0..40 {
        world.give_token();
        world.close(1006);
        let LinkState::Waiting { until_ms } = world.state else { panic!("{:?}", world.state) };
        waits.push(until_ms - world.now_ms);
        world.pass(until_ms - world.now_ms);
    }
    assert!(
        waits.iter().enumerate().all(|(tries, wait)| *wait <= (500 << tries.min(6)).min(30_000)),
        "{waits:?}"
    );
    assert!(waits.iter().any(|wait| *wait > 20_000), "{waits:?}");
}

#[test]
fn a_good_sockets_end_is_spread_over_the_window_that_the_hub_named() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.greet_with(|hello| plenum_protocol::HelloOk { herd_ms: 1_000_000, ..hello });
    world.pass(11_000);
    world.close(1006);
    let LinkState::Waiting { until_ms } = world.state else { panic!("{:?}", world.state) };
    assert!(until_ms - world.now_ms > 30_000, "further than any backoff");
}

#[test]
fn hopeless_closes_stop_and_the_user_may_start_again() {
    for number in [4400, 4403] {
        let mut world = World::live();
        world.close(number);
        assert_eq!(world.state, LinkState::Stopped(StopReason::Closed(number)));
        world.pass(100_000);
        assert_eq!(world.opens, 1);
        world.core.start(world.now_ms);
        world.greet();
        assert_eq!(world.opens, 2);
    }
}

#[test]
fn other_closes_bring_the_client_back() {
    for number in [1000, 1006, 1012, 4408, 4429, 4500] {
        let mut world = World::live();
        world.close(number);
        world.pass(5_000);
        world.greet();
        assert_eq!(world.opens, 2, "{number}");
    }
}

#[test]
fn a_refused_token_is_replaced_by_a_fresh_one() {
    let mut closed = World::live();
    closed.close(4401);
    closed.pass(5_000);
    assert_eq!(closed.tokens, [false, true]);

    let mut refused = World::new(Codec::Json);
    refused.core.start(refused.now_ms);
    refused.give_token();
    refused.core.opened(refused.now_ms);
    refused.settle();
    refused.err("hello", code::TOKEN_EXPIRED, None);
    refused.pass(500);
    assert_eq!(refused.tokens, [false, true]);
}

#[test]
fn a_forbidden_hello_stops() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.give_token();
    world.core.opened(world.now_ms);
    world.settle();
    world.err("hello", code::FORBIDDEN, None);
    assert_eq!(world.state, LinkState::Stopped(StopReason::Refused(Refusal::new(code::FORBIDDEN, "no"))));
}

#[test]
fn without_a_token_the_client_tries_again_or_stops() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.refuse_token(NoToken::Passing);
    assert!(is_waiting(&world));
    world.pass(500);
    world.refuse_token(NoToken::SignedOut);
    assert_eq!(world.state, LinkState::Stopped(StopReason::SignedOut));
}

#[test]
fn an_answer_for_an_earlier_token_request_is_passed_over() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.settle();
    world.core.token(world.now_ms, 0, Ok("old".to_owned()));
    world.settle();
    assert_eq!(world.opens, 0);
}

#[test]
fn a_goodbye_moves_the_client_at_its_own_moment() {
    let mut world = World::live();
    world.push(&json!({"ev": "hub.moving", "data": {"after_ms": 1834}}));
    world.pass(1_833);
    assert_eq!((world.opens, world.closes), (1, 0));
    world.pass(1);
    world.greet();
    assert_eq!((world.opens, world.closes, world.now_ms), (2, 1, START_MS + 1_834));
}

#[test]
fn a_goodbyes_moment_holds_when_the_socket_closes_before() {
    let mut world = World::live();
    world.push(&json!({"ev": "hub.moving", "data": {"after_ms": 3000}}));
    world.close(1012);
    assert_eq!(world.state, LinkState::Waiting { until_ms: world.now_ms + 3_000 });
}

#[test]
fn pings_set_the_clock_and_find_a_dead_line() {
    let mut world = World::live();
    world.pass(25_000);
    let hub_ms = world.now_ms + 5_000;
    world.ok("ping", &json!({"server_ms": hub_ms}));
    assert_eq!(world.core.clock_offset_ms(), 5_000);
    world.pass(25_000 + 9_999);
    assert!(matches!(world.state, LinkState::Live { .. }));
    world.pass(1);
    assert!(is_waiting(&world));
}

#[test]
fn the_token_is_renewed_a_minute_before_its_end_on_the_open_socket() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    world.greet_with(|hello| plenum_protocol::HelloOk { ping_s: 100_000, ..hello });
    world.pass(839_999);
    assert_eq!(world.tokens, [false]);
    world.pass(1);
    assert_eq!(world.tokens, [false, true]);
    world.give_token();
    let ends_ms = world.now_ms + 900_000;
    let renewal = world.ok("auth.refresh", &json!({"token_ends_ms": ends_ms}));
    assert_eq!(renewal.data, Some(json!({"token": "T"})));
    world.pass(840_000);
    assert_eq!(world.tokens, [false, true, true]);
}

#[test]
fn a_failed_renewal_is_tried_again_soon() {
    let mut world = World::live();
    world.core.tick(world.now_ms);
    let mut renewals = 0;
    while renewals < 2 {
        let at_ms = world.core.wake_at_ms().expect("something is always due");
        world.pass(at_ms - world.now_ms);
        if world.ops().contains(&"ping") {
            world.ok("ping", &json!({"server_ms": START_MS}));
        }
        if world.tokens.len() > renewals + 1 {
            renewals += 1;
            world.refuse_token(NoToken::Passing);
        }
    }
    assert_eq!(world.now_ms, START_MS + 845_000);
}

#[test]
fn a_frame_that_cannot_be_read_ends_the_socket_and_not_the_client() {
    let mut world = World::live();
    world.hub_sends(b"\xc1");
    assert!(is_waiting(&world));
}
