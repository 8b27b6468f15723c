//! Slowing down guesses at one account, without letting the guesser lock others out.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use plenum_domain::{Id, Timestamp};

/// The first wait.
const DELAY_MS: i64 = 1_000;
/// The longest wait.
const DELAY_MS_MAX: i64 = 15 * 60 * 1_000;
/// Without a failure for so long, an account begins again.
const FORGET_MS: i64 = 60 * 60 * 1_000;
/// Accounts that are remembered; the one that failed longest ago goes first.
const ACCOUNTS_MAX: usize = 100_000;

/// Where tries come from. Wrong passwords of one make no other wait, so that nobody is locked out by a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// A device that signed in to this account before.
    Device(Id),
    /// An unknown device at this address.
    Address(Option<IpAddr>),
    /// All unknown devices together: guessing from many addresses is slowed down too, much later.
    Strangers,
    /// Someone who is signed in, or asks for a mail.
    Inside,
}

/// How many more wrong passwords strangers have together than one address.
const STRANGERS: u32 = 20;

/// An account as the guesser names it: existing or not, so that waiting tells nothing.
type Account = (Option<Id>, String, Source);

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Counts wrong passwords by tenant, e-mail address and where they come from.
#[derive(Debug)]
pub(super) struct Lockout {
    before_delay: u32,
    accounts: Mutex<BTreeMap<Account, Failures>>,
}

impl Lockout {
    pub(super) fn new(before_delay: u32) -> Self {
        Self { before_delay, accounts: Mutex::default() }
    }

    /// How long, in milliseconds, the account has to wait before its next try; 0 when it need not.
    pub(super) fn wait_ms(&self, (tenant, email): (Option<Id>, &str), from: Source, now: Timestamp) -> i64 {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = accounts.get(&(tenant, email.to_owned(), from));
        failures
            .map_or(0, |failures| self.delay_ms(failures.count, from) - now.since_ms(failures.last))
            .max(0)
    }

    /// A wrong password.
    pub(super) fn failed(&self, (tenant, email): (Option<Id>, &str), from: Source, now: Timestamp) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Failures { count: 0, last: now };
        let failures = accounts.entry((tenant, email.to_owned(), from)).or_insert(fresh);
        if now.since_ms(failures.last) > FORGET_MS {
            *failures = fresh;
        }
        *failures = Failures { count: failures.count.saturating_add(1), last: now };
        if accounts.len() > ACCOUNTS_MAX {
            accounts.retain(|_, failures| now.since_ms(failures.last) <= FORGET_MS);
            let oldest = accounts.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(oldest) = oldest.map(|(account, _)| account.clone()) {
                accounts.remove(&oldest);
            }
        }
    }

    /// The right password.
    pub(super) fn succeeded(&self, (tenant, email): (Option<Id>, &str), from: Source) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(&(tenant, email.to_owned(), from));
    }

    fn delay_ms(&self, count: u32, from: Source) -> i64 {
        let times = if from == Source::Strangers { STRANGERS } else { 1 };
        match count.checked_sub(self.before_delay.saturating_mul(times)) {
            None => 0,
            Some(over) => (DELAY_MS << over.min(20)).min(DELAY_MS_MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Source = Source::Address(Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)));

    #[test]
    fn the_wait_doubles_for_the_guessed_account_only() {
        let lockout = Lockout::new(3);
        let now = Timestamp::from_ms(0);
        let wait = |email| lockout.wait_ms((None, email), HERE, now);
        for expected in [0, 0, 1_000, 2_000, 4_000] {
            lockout.failed((None, "a@x"), HERE, now);
            assert_eq!(wait("a@x"), expected);
        }
        assert_eq!(wait("b@x"), 0);
        assert_eq!(
            lockout.wait_ms((Some(Id::from_bits(1)), "a@x"), HERE, now),
            0,
            "another tenant's account"
        );
        assert_eq!(lockout.wait_ms((None, "a@x"), HERE, now.plus_ms(3_999)), 1);
        lockout.succeeded((None, "a@x"), HERE);
        assert_eq!(wait("a@x"), 0);
    }

    #[test]
    fn a_known_device_does_not_wait_for_strangers() {
        let lockout = Lockout::new(1);
        let now = Timestamp::from_ms(0);
        (0..40).for_each(|_| lockout.failed((None, "a@x"), HERE, now));
        (0..40).for_each(|_| lockout.failed((None, "a@x"), Source::Strangers, now));
        let wait = |from| lockout.wait_ms((None, "a@x"), from, now);
        assert!(wait(HERE) > 0 && wait(Source::Strangers) > 0);
        assert_eq!(wait(Source::Device(Id::from_bits(1))), 0);
        assert_eq!(wait(Source::Address(None)), 0);
    }

    #[test]
    fn the_wait_ends_and_failures_are_forgotten() {
        let lockout = Lockout::new(1);
        let now = Timestamp::from_ms(0);
        (0..40).for_each(|_| lockout.failed((None, "a@x"), HERE, now));
        assert_eq!(lockout.wait_ms((None, "a@x"), HERE, now), DELAY_MS_MAX);
        let later = now.plus_ms(FORGET_MS + 1);
        lockout.failed((None, "a@x"), HERE, later);
        assert_eq!(lockout.wait_ms((None, "a@x"), HERE, later), DELAY_MS);
    }
}
