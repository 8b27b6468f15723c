//! Tests of the most people who were here at once.

use plenum_domain::activity::{QUARTER_MS, quarter_of};
use serde_json::json;

use super::wire::{Fact, Peak};
use crate::engine::stage::Stage;

const MINUTE_MS: i64 = 60_000;
const SCREEN: u64 = 2;

fn stage() -> Stage {
    Stage::open("session", &json!({"title": "Opening"}))
}

/// What was told so far: how many quarters after the first one, and how many people.
fn told(stage: &Stage) -> Vec<(i64, u32)> {
    let peaks = stage.facts::<Fact>().into_iter().filter_map(|fact| match fact {
        Fact::Peak(peak) => Some(peak),
        _ => None,
    });
    let peaks: Vec<Peak> = peaks.collect();
    let first = peaks.first().map(|peak| peak.from).unwrap_or_default();
    peaks.into_iter().map(|peak| (peak.from.since_ms(first) / QUARTER_MS, peak.people)).collect()
}

/// To the beginning of the next quarter, and `ms` on.
fn into_next_quarter(stage: &mut Stage, ms: i64) {
    let next = quarter_of(stage.now()).plus_ms(QUARTER_MS + ms);
    stage.wait_ms(next.since_ms(stage.now()));
}

#[test]
fn those_who_come_within_a_minute_are_one_fact_and_screens_are_nobody() {
    let mut stage = stage();
    into_next_quarter(&mut stage, 1_000);
    for n in [3, 4, SCREEN, 5] {
        stage.join(n);
        stage.wait_ms(1_000);
    }
    assert_eq!(told(&stage), []);
    stage.leave(5);
    stage.wait_ms(MINUTE_MS);
    assert_eq!(told(&stage), [(0, 3)], "who left meanwhile was here");
    stage.join(5);
    stage.wait_ms(2 * MINUTE_MS);
    assert_eq!(told(&stage), [(0, 3)], "as many as before are no news");
    stage.join(6);
    stage.wait_ms(2 * MINUTE_MS);
    assert_eq!(told(&stage), [(0, 3), (0, 4)]);
    stage.assert_replays();
}

#[test]
fn those_who_stay_are_told_once_a_quarter() {
    let mut stage = stage();
    into_next_quarter(&mut stage, 1_000);
    stage.join(3);
    stage.join(4);
    stage.wait_ms(3 * QUARTER_MS);
    assert_eq!(told(&stage), [(0, 2), (1, 2), (2, 2), (3, 2)]);
    stage.leave(3);
    stage.leave(4);
    stage.wait_ms(5 * QUARTER_MS);
    assert_eq!(told(&stage).len(), 4, "of an empty room nothing is told");
    stage.assert_replays();
}

#[test]
fn a_peak_belongs_to_the_quarter_in_which_it_was() {
    let mut stage = stage();
    into_next_quarter(&mut stage, -10_000);
    stage.join(3);
    stage.join(4);
    stage.wait_ms(9_000);
    stage.leave(4);
    stage.wait_ms(2_000);
    assert_eq!(told(&stage), [(0, 2), (1, 1)], "a quarter that ends waits for nobody");
    stage.wait_ms(2 * MINUTE_MS);
    assert_eq!(told(&stage), [(0, 2), (1, 1)], "and who stays is no news");
}

#[test]
fn whoever_leaves_first_in_a_quarter_was_here_when_it_began() {
    let mut stage = stage();
    into_next_quarter(&mut stage, 1_000);
    stage.join(3);
    stage.join(4);
    stage.wait_ms(2 * MINUTE_MS);
    // Nobody calls the room while its shard is away over the end of the quarter.
    stage.skip_ms(QUARTER_MS);
    stage.leave(4);
    stage.wait_ms(2 * MINUTE_MS);
    assert_eq!(told(&stage), [(0, 2), (1, 2)]);
}
