//! The hub's clock, as well as it can be known: from the round trip that took least, of the last few.

use std::collections::VecDeque;

const SAMPLES_KEPT: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Sample {
    rtt_ms: i64,
    offset_ms: i64,
}

/// What the exchanges say.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(VecDeque<Sample>);

impl ServerClock {
    /// Takes in one exchange; the hub is taken to have answered in the middle of it.
    pub(crate) fn add(&mut self, sent_ms: i64, received_ms: i64, server_ms: i64) {
        let rtt_ms = (received_ms - sent_ms).max(0);
        self.0.push_back(Sample {
            rtt_ms,
            offset_ms: server_ms.saturating_add(rtt_ms / 2).saturating_sub(received_ms),
        });
        if self.0.len() > SAMPLES_KEPT {
            self.0.pop_front();
        }
    }

    /// How far the hub's clock is ahead; 0 while nothing is known.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.0.iter().rev().min_by_key(|sample| sample.rtt_ms).map_or(0, |sample| sample.offset_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::ServerClock;

    #[test]
    fn the_shortest_round_trip_is_believed_and_old_ones_are_forgotten() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.offset_ms(), 0);
        clock.add(1_000, 1_400, 6_200);
        clock.add(2_000, 2_020, 7_030);
        clock.add(3_000, 3_900, 9_999);
        assert_eq!(clock.offset_ms(), 5_020);
        for at in 0..8 {
            clock.add(at * 100, at * 100 + 50, at * 100 + 25 + 7_000);
        }
        assert_eq!(clock.offset_ms(), 7_000);
    }
}
