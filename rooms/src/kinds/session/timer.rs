//! The countdown: a change is one fact and one message, and nothing is sent while it runs.

use plenum_domain::Timestamp;
use plenum_domain::text::{BadText, clean};
use serde::{Deserialize, Serialize};

use super::wire::Rejection;

/// The longest countdown: a day.
const MAX_MS: i64 = 24 * 60 * 60 * 1_000;
/// The longest label, in characters.
const MAX_LABEL: usize = 80;

/// What the countdown does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerState {
    /// Not started; it may be set to a duration.
    #[default]
    Idle,
    /// Runs towards its end.
    Running,
    /// Halted with time left.
    Paused,
    /// Its end has come.
    Over,
}

/// A countdown. Whoever shows it computes the time left from `ends_at_ms` and the hub's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// What it does.
    pub state: TimerState,
    /// From start to end, with all that was added, in milliseconds.
    pub duration_ms: i64,
    /// When it ends or ended; none while it does not run.
    pub ends_at_ms: Option<Timestamp>,
    /// What is left of a countdown that does not run.
    pub remaining_ms: Option<i64>,
    /// What it counts down to.
    pub label: Option<String>,
    /// With this much left it is shown as nearing its end.
    pub warn_ms: Option<i64>,
    /// With this much left it is shown as about to end.
    pub danger_ms: Option<i64>,
}

/// The data of `session.timer`: what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimerChange {
    /// What it should do.
    #[serde(default)]
    pub state: Option<TimerState>,
    /// With `running` starts anew with this much; else sets an idle timer.
    #[serde(default)]
    pub duration_ms: Option<i64>,
    /// Adds time, or takes it away.
    #[serde(default)]
    pub add_ms: Option<i64>,
    /// A label; an empty one takes it away.
    #[serde(default)]
    pub label: Option<String>,
    /// When to warn; 0 takes it away.
    #[serde(default)]
    pub warn_ms: Option<i64>,
    /// When to warn louder; 0 takes it away.
    #[serde(default)]
    pub danger_ms: Option<i64>,
}

impl Timer {
    /// The timer after `change`.
    pub(super) fn changed(&self, change: &TimerChange, now: Timestamp) -> Result<Self, Rejection> {
        let mut next = self.marked(change)?;
        let duration = change.duration_ms.map(|ms| within(ms, 1, "duration_ms")).transpose()?;
        match (change.state, duration) {
            (None, None) => {}
            (Some(TimerState::Running), Some(ms)) => next.run(ms, ms, now),
            (Some(TimerState::Running), None) => next.resume(now)?,
            (Some(TimerState::Paused), _) => next.pause(now)?,
            (Some(TimerState::Idle), ms) => next.set_idle(ms),
            (None, ms) if next.state == TimerState::Idle => next.set_idle(ms),
            (None, Some(_)) => return Err(unfit("duration_ms", "a started timer changes by add_ms")),
            (Some(TimerState::Over), _) => return Err(unfit("state", "only time itself ends a timer")),
        }
        if let Some(ms) = change.add_ms {
            next.add(within(ms, -MAX_MS, "add_ms")?, now)?;
        }
        Ok(next)
    }

    fn marked(&self, change: &TimerChange) -> Result<Self, Rejection> {
        let mut next = self.clone();
        if let Some(label) = &change.label {
            next.label = label_of(label)?;
        }
        if let Some(ms) = change.warn_ms {
            next.warn_ms = Some(within(ms, 0, "warn_ms")?).filter(|ms| *ms > 0);
        }
        if let Some(ms) = change.danger_ms {
            next.danger_ms = Some(within(ms, 0, "danger_ms")?).filter(|ms| *ms > 0);
        }
        Ok(next)
    }

    fn run(&mut self, duration_ms: i64, left_ms: i64, now: Timestamp) {
        self.state = TimerState::Running;
        self.duration_ms = duration_ms;
        self.ends_at_ms = Some(now.plus_ms(left_ms));
        self.remaining_ms = None;
    }

    fn resume(&mut self, now: Timestamp) -> Result<(), Rejection> {
        match self.state {
            TimerState::Running => {}
            TimerState::Paused => self.run(self.duration_ms, self.remaining_ms.unwrap_or_default(), now),
            TimerState::Idle if self.duration_ms > 0 => self.run(self.duration_ms, self.duration_ms, now),
            TimerState::Idle | TimerState::Over => return Err(Rejection::TimerEmpty),
        }
        Ok(())
    }

    fn pause(&mut self, now: Timestamp) -> Result<(), Rejection> {
        match (self.state, self.ends_at_ms) {
            (TimerState::Paused, _) => {}
            (TimerState::Running, Some(end)) if end > now => {
                self.state = TimerState::Paused;
                self.remaining_ms = Some(end.since_ms(now));
                self.ends_at_ms = None;
            }
            _ => return Err(Rejection::TimerStill),
        }
        Ok(())
    }

    fn set_idle(&mut self, duration_ms: Option<i64>) {
        self.state = TimerState::Idle;
        self.duration_ms = duration_ms.unwrap_or_default();
        self.remaining_ms = duration_ms;
        self.ends_at_ms = None;
        if duration_ms.is_none() {
            *self = Self::default();
        }
    }

    /// Adds time. A countdown that is over runs again from now; one with nothing left is over at once.
    fn add(&mut self, ms: i64, now: Timestamp) -> Result<(), Rejection> {
        let left = match (self.state, self.ends_at_ms) {
            (TimerState::Idle, _) => return Err(Rejection::TimerStill),
            (TimerState::Over, _) if ms <= 0 => return Err(Rejection::TimerStill),
            (TimerState::Running, Some(end)) => end.since_ms(now).max(0),
            (_, _) => self.remaining_ms.unwrap_or_default(),
        };
        let left = (left + ms).clamp(0, MAX_MS);
        self.duration_ms = (self.duration_ms + ms).clamp(0, MAX_MS);
        match self.state {
            _ if left == 0 => self.end(now),
            TimerState::Paused => self.remaining_ms = Some(left),
            _ => self.run(self.duration_ms, left, now),
        }
        Ok(())
    }

    /// When time itself will change it.
    pub(super) fn wake_at(&self) -> Option<Timestamp> {
        self.ends_at_ms.filter(|_| self.state == TimerState::Running)
    }

    /// The timer after its end has come; none before.
    pub(super) fn over(&self, now: Timestamp) -> Option<Self> {
        let end = self.wake_at().filter(|end| *end <= now)?;
        let mut next = self.clone();
        next.end(end);
        Some(next)
    }

    fn end(&mut self, at: Timestamp) {
        self.state = TimerState::Over;
        self.ends_at_ms = Some(at);
        self.remaining_ms = Some(0);
    }
}

fn within(ms: i64, min: i64, field: &'static str) -> Result<i64, Rejection> {
    match ms {
        ms if (min..=MAX_MS).contains(&ms) => Ok(ms),
        _ => Err(unfit(field, &format!("{field} must be from {min} to {MAX_MS}"))),
    }
}

fn label_of(raw: &str) -> Result<Option<String>, Rejection> {
    match clean(raw, MAX_LABEL) {
        Ok(label) => Ok(Some(label)),
        Err(BadText::Empty) => Ok(None),
        Err(BadText::TooLong { has, max }) => Err(Rejection::TooLong(has, max)),
    }
}

fn unfit(field: &'static str, why: &str) -> Rejection {
    Rejection::Unfit(field, why.to_owned())
}
