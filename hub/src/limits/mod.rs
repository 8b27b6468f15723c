//! How much one participant, one connection, one tenant and one address may do.
//!
//! A hall shares one address, so an address alone never limits commands; it only bounds sockets and joins, generously.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use dashmap::DashMap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use plenum_domain::tenant::{Feature, Features};
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::Refusal;

/// The limits; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Commands a second of one connection, and of one participant over all of its connections.
    pub commands_per_s: u32,
    /// Commands at once after a pause.
    pub commands_burst: u32,
    /// Commands a second of one tenant's people together.
    pub tenant_commands_per_s: u32,
    /// Sockets of one participant at the same time.
    pub sockets_per_participant: u32,
    /// Sockets from one address at the same time.
    pub sockets_per_address: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            commands_per_s: 20,
            commands_burst: 60,
            tenant_commands_per_s: 20_000,
            sockets_per_participant: 8,
            sockets_per_address: 20_000,
        }
    }
}

/// Which limit was hit, and when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// The limit's key in the configuration.
    pub(crate) limit: &'static str,
    pub(crate) allowed: u32,
    pub(crate) retry_ms: u64,
}

/// One connection's own bucket, by the generic cell rate algorithm (ITU-T I.371): the moment at which it will be full again,
/// in microseconds of the hub's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    full_at_us: i64,
}

impl Bucket {
    /// Takes one of `per_s` a second and `burst` at once.
    ///
    /// # Errors
    /// The time until there is one again, in microseconds.
    fn take(&mut self, per_s: u32, burst: u32, now: Timestamp) -> Result<(), i64> {
        let (now_us, each_us) = (now.ms() * 1_000, 1_000_000 / i64::from(per_s));
        let full_at_us = self.full_at_us.max(now_us);
        let early_us = full_at_us - now_us - each_us * (i64::from(burst.max(per_s)) - 1);
        if early_us > 0 {
            return Err(early_us);
        }
        self.full_at_us = full_at_us + each_us;
        Ok(())
    }
}

/// How much the limits remember: nothing, some time after everyone left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Participants and tenants whose commands are counted.
    pub keys: usize,
    /// Participants with sockets.
    pub participants: usize,
    /// Addresses with sockets.
    pub addresses: usize,
}

/// The limits that all shards share.
pub(crate) struct Limits {
    pub(crate) settings: LimitSettings,
    participants: Option<DefaultKeyedRateLimiter<Id>>,
    tenants: Option<DefaultKeyedRateLimiter<Id>>,
    sockets_of: DashMap<Id, u32>,
    sockets_from: DashMap<IpAddr, u32>,
    /// What tenants have switched off; those that have nothing off are not in it.
    off: DashMap<Id, Features>,
    clock: DefaultClock,
}

fn quota(per_s: u32, burst: u32) -> Option<Quota> {
    let per_s = NonZeroU32::new(per_s)?;
    Some(Quota::per_second(per_s).allow_burst(NonZeroU32::new(burst).map_or(per_s, |burst| burst.max(per_s))))
}

impl Limits {
    /// What a tenant has switched off, from now on.
    pub(crate) fn switch_off(&self, tenant: Id, off: Features) {
        match off == Features::default() {
            true => drop(self.off.remove(&tenant)),
            false => drop(self.off.insert(tenant, off)),
        }
    }

    /// # Errors
    /// `hub.forbidden` with the feature's name when the tenant has switched it off.
    pub(crate) fn is_on(&self, tenant: Id, feature: Option<Feature>) -> Result<(), Refusal> {
        let Some(feature) = feature.filter(|_| !self.off.is_empty()) else { return Ok(()) };
        if !self.off.get(&tenant).is_some_and(|off| off.has(feature)) {
            return Ok(());
        }
        let why = format!("the feature {} is switched off for this tenant", feature.name());
        Err(Refusal::new("hub.forbidden", why).with("feature", feature.name()))
    }

    pub(crate) fn new(settings: LimitSettings) -> Self {
        let per_person = quota(settings.commands_per_s, settings.commands_burst);
        let per_tenant = quota(settings.tenant_commands_per_s, settings.tenant_commands_per_s);
        Self {
            settings,
            participants: per_person.map(RateLimiter::keyed),
            tenants: per_tenant.map(RateLimiter::keyed),
            sockets_of: DashMap::new(),
            sockets_from: DashMap::new(),
            off: DashMap::new(),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one command from a connection's bucket.
    pub(crate) fn connection(&self, bucket: &mut Bucket, now: Timestamp) -> Result<(), Exceeded> {
        let (allowed, burst) = (self.settings.commands_per_s, self.settings.commands_burst);
        if allowed == 0 {
            return Ok(());
        }
        bucket.take(allowed, burst, now).map_err(|wait_us| Exceeded {
            limit: "limits.commands_per_s",
            allowed,
            retry_ms: (wait_us as u64).div_ceil(1_000),
        })
    }

    /// Takes one command from the participant's and the tenant's bucket.
    pub(crate) fn person(&self, participant: Id, tenant: Id) -> Result<(), Exceeded> {
        if let Some(participants) = &self.participants {
            participants.check_key(&participant).map_err(|until| {
                self.exceeded("limits.commands_per_s", self.settings.commands_per_s, &until)
            })?;
        }
        if let Some(tenants) = &self.tenants {
            let allowed = self.settings.tenant_commands_per_s;
            tenants
                .check_key(&tenant)
                .map_err(|until| self.exceeded("limits.tenant_commands_per_s", allowed, &until))?;
        }
        Ok(())
    }

    fn exceeded(
        &self,
        limit: &'static str,
        allowed: u32,
        until: &governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>,
    ) -> Exceeded {
        let wait: Duration = until.wait_time_from(self.clock.now());
        Exceeded { limit, allowed, retry_ms: (wait.as_millis() as u64).max(1) }
    }

    /// Counts a socket of a participant. Returns whether it may stay; when not, it is not counted.
    pub(crate) fn enter_person(&self, participant: Id) -> bool {
        enter(&self.sockets_of, participant, self.settings.sockets_per_participant)
    }

    pub(crate) fn leave_person(&self, participant: Id) {
        leave(&self.sockets_of, participant);
    }

    /// Counts a socket from an address. Returns whether it may stay; when not, it is not counted.
    pub(crate) fn enter_address(&self, address: IpAddr) -> bool {
        enter(&self.sockets_from, address, self.settings.sockets_per_address)
    }

    pub(crate) fn leave_address(&self, address: IpAddr) {
        leave(&self.sockets_from, address);
    }

    /// How much is remembered at the moment.
    pub(crate) fn remembered(&self) -> Remembered {
        let keyed = [&self.participants, &self.tenants].into_iter().flatten();
        Remembered {
            keys: keyed.map(RateLimiter::len).sum(),
            participants: self.sockets_of.len(),
            addresses: self.sockets_from.len(),
        }
    }

    /// Forgets who has not been here lately: keyed limiters never shrink by themselves.
    pub(crate) fn sweep(&self) {
        for limiter in [&self.participants, &self.tenants].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn enter<K: std::hash::Hash + Eq>(counts: &DashMap<K, u32>, key: K, allowed: u32) -> bool {
    let mut count = counts.entry(key).or_insert(0);
    if allowed != 0 && *count >= allowed {
        return false;
    }
    *count += 1;
    true
}

fn leave<K: std::hash::Hash + Eq>(counts: &DashMap<K, u32>, key: K) {
    if let dashmap::Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() = count.get().saturating_sub(1);
        if *count.get() == 0 {
            count.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_next_one_is_told_when() {
        let settings = LimitSettings { commands_per_s: 2, commands_burst: 5, ..LimitSettings::default() };
        let limits = Limits::new(settings);
        let (mut bucket, now) = (Bucket::default(), Timestamp::from_ms(1_000_000));
        assert!((0..5).all(|_| limits.connection(&mut bucket, now).is_ok()));
        let exceeded = limits.connection(&mut bucket, now).unwrap_err();
        assert_eq!((exceeded.limit, exceeded.allowed), ("limits.commands_per_s", 2));
        assert_eq!(exceeded.retry_ms, 500);
        assert!(limits.connection(&mut bucket, now.plus_ms(499)).is_err());
        assert!(limits.connection(&mut bucket, now.plus_ms(500)).is_ok());
        assert!((0..5).all(|_| limits.connection(&mut bucket, now.plus_ms(9_000)).is_ok()));
        assert!(limits.connection(&mut bucket, now.plus_ms(9_000)).is_err(), "a pause saves up one burst");
    }

    #[test]
    fn people_are_counted_over_all_of_their_sockets() {
        let limits = Limits::new(LimitSettings { sockets_per_participant: 2, ..LimitSettings::default() });
        let person = Id::from_bits(1);
        assert!(limits.enter_person(person) && limits.enter_person(person));
        assert!(!limits.enter_person(person));
        limits.leave_person(person);
        assert!(limits.enter_person(person));
        limits.leave_person(person);
        limits.leave_person(person);
        assert!(limits.sockets_of.is_empty(), "nobody is remembered who is gone");
    }

    #[test]
    fn zero_is_no_limit() {
        let settings = LimitSettings {
            commands_per_s: 0,
            commands_burst: 0,
            tenant_commands_per_s: 0,
            sockets_per_participant: 0,
            sockets_per_address: 0,
        };
        let limits = Limits::new(settings);
        let (mut bucket, now) = (Bucket::default(), Timestamp::from_ms(0));
        assert!((0..10_000).all(|_| limits.connection(&mut bucket, now).is_ok()));
        assert!((0..10_000).all(|_| limits.person(Id::from_bits(1), Id::from_bits(2)).is_ok()));
        assert!((0..100).all(|_| limits.enter_address(IpAddr::from([127, 0, 0, 1]))));
    }
}
