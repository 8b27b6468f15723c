//! From quarter hours and rooms to days and sessions, and which of these had enough people to be told by themselves.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use plenum_domain::Id;
use plenum_domain::activity::{Counts, Deed, day_of};
use plenum_persistence::store::{DidAt, OfPoll, PresentAt, VotesAt};

/// How often each deed was done on each day.
pub(super) fn by_day(deeds: &[DidAt], zone: &TimeZone) -> BTreeMap<Date, Counts> {
    let mut days: BTreeMap<Date, Counts> = BTreeMap::new();
    for (deed, did) in known(deeds) {
        days.entry(day_of(did.from, zone)).or_default().add(deed, did.times.cast_unsigned());
    }
    days
}

/// How often something that is no deed happened on each day.
pub(super) fn times_by_day(times: &[DidAt], zone: &TimeZone) -> BTreeMap<Date, u64> {
    let mut days = BTreeMap::new();
    for did in times {
        *days.entry(day_of(did.from, zone)).or_default() += did.times.cast_unsigned();
    }
    days
}

/// How often each deed was done.
pub(super) fn total(deeds: &[DidAt]) -> Counts {
    known(deeds).fold(Counts::default(), |mut counts, (deed, did)| {
        counts.add(deed, did.times.cast_unsigned());
        counts
    })
}

/// Those that this program knows: a newer one may have counted more.
fn known(deeds: &[DidAt]) -> impl Iterator<Item = (Deed, &DidAt)> {
    deeds.iter().filter_map(|did| Some((did.deed.parse().ok()?, did)))
}

/// So many people at least voted on each day: in one poll each has one ballot, however often they change it.
pub(super) fn voters_by_day(votes: &[VotesAt], polls: &[OfPoll], zone: &TimeZone) -> BTreeMap<Date, u64> {
    let voters: BTreeMap<Id, u64> = polls.iter().map(|poll| (poll.id, poll.voters.cast_unsigned())).collect();
    let mut by_poll: BTreeMap<(Date, Id), u64> = BTreeMap::new();
    for vote in votes {
        *by_poll.entry((day_of(vote.from, zone), vote.poll)).or_default() += vote.times.cast_unsigned();
    }
    let mut days: BTreeMap<Date, u64> = BTreeMap::new();
    for ((day, poll), times) in by_poll {
        let people = times.min(voters.get(&poll).copied().unwrap_or_default());
        let most = days.entry(day).or_default();
        *most = people.max(*most);
    }
    days
}

/// So many people at least voted in each session.
pub(super) fn voters_by_session(polls: &[OfPoll]) -> BTreeMap<Id, u64> {
    let mut sessions: BTreeMap<Id, u64> = BTreeMap::new();
    for poll in polls {
        let most = sessions.entry(poll.session).or_default();
        *most = poll.voters.cast_unsigned().max(*most);
    }
    sessions
}

/// The highest of these numbers of each day, session or quarter of an hour, as `of` says.
pub(super) fn most<K: Ord>(presence: &[PresentAt], of: impl Fn(&PresentAt) -> K) -> BTreeMap<K, u64> {
    let mut highest = BTreeMap::new();
    for present in presence {
        let most: &mut u64 = highest.entry(of(present)).or_default();
        *most = present.people.cast_unsigned().max(*most);
    }
    highest
}

#[cfg(test)]
mod tests {
    use plenum_domain::Timestamp;
    use plenum_domain::conference::known_time_zone;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
    }

    fn zone(name: &str) -> TimeZone {
        known_time_zone(name).expect("the zone is known")
    }

    #[test]
    fn a_night_in_which_the_clocks_change_is_parted_at_midnight() {
        let did = |from: &str| DidAt { from: at(from), deed: "vote".into(), times: 1 };
        let deeds = [
            did("2026-10-24T21:45:00Z"),
            did("2026-10-24T22:00:00Z"),
            did("2026-10-25T22:45:00Z"),
            did("2026-10-25T23:00:00Z"),
        ];
        let days = by_day(&deeds, &zone("Europe/Berlin"));
        let days: Vec<_> = days.iter().map(|(day, counts)| (day.to_string(), counts.all())).collect();
        let expected = [("2026-10-24", 1), ("2026-10-25", 2), ("2026-10-26", 1)];
        assert_eq!(days, expected.map(|(day, times)| (day.to_owned(), times)), "the 25th has 25 hours");
        assert_eq!(total(&deeds).of(Deed::Vote), 4);
    }

    #[test]
    fn a_vote_that_is_changed_often_is_one_persons() {
        let id = Id::from_bits;
        let votes = |poll, times| VotesAt { poll: id(poll), from: at("2026-10-24T10:00:00Z"), times };
        let poll = |n, session, voters| OfPoll {
            id: id(n),
            session: id(session),
            title: String::new(),
            kind: String::new(),
            ballots: voters,
            voters,
        };
        let polls = [poll(1, 7, 1), poll(2, 7, 4), poll(3, 8, 2)];
        let days = voters_by_day(&[votes(1, 9), votes(2, 3), votes(3, 2)], &polls, &TimeZone::UTC);
        assert_eq!(days.into_values().collect::<Vec<_>>(), [3]);
        assert_eq!(voters_by_session(&polls).into_iter().collect::<Vec<_>>(), [(id(7), 4), (id(8), 2)]);
    }

    #[test]
    fn the_most_at_once_of_a_day_are_those_of_one_session() {
        let present = |session, from: &str, people| PresentAt {
            session: Id::from_bits(session),
            from: at(from),
            people,
        };
        let presence = [
            present(7, "2026-10-24T10:00:00Z", 40),
            present(8, "2026-10-24T10:00:00Z", 30),
            present(7, "2026-10-24T22:00:00Z", 12),
        ];
        let zone = zone("Europe/Berlin");
        let days = most(&presence, |one| day_of(one.from, &zone).to_string());
        assert_eq!(days, BTreeMap::from([("2026-10-24".to_owned(), 40), ("2026-10-25".to_owned(), 12)]));
        assert_eq!(most(&presence, |one| one.session.bits()), BTreeMap::from([(7, 40), (8, 30)]));
    }
}
