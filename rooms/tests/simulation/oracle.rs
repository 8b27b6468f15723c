//! What must never be seen, whatever breaks.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_rooms::engine::{Body, Outcome, Output, RoomRef};

use super::client::Client;
use crate::desk::Journal;

/// A promise that was broken, in words.
pub(super) type Violation = String;

/// Nothing leaves that shows what the journal could still lose.
pub(super) fn may_leave(output: &Output, journal: &Journal, room: RoomRef) -> Result<(), Violation> {
    let shown = match output {
        Output::Push { room: of, push, .. } | Output::Whisper { room: of, push, .. } if *of == room => {
            push.range.map(|(_, seq)| seq)
        }
        Output::Joined { room: of, seq, .. } if *of == room => Some(*seq),
        _ => None,
    };
    let durable = journal.seq(room);
    match shown.filter(|seq| *seq > durable) {
        Some(seq) => Err(format!("{seq} is shown and not durable: the journal is at {durable}")),
        None => Ok(()),
    }
}

/// An accepted action is in the journal, once.
pub(super) fn may_be_answered(key: Id, outcome: &Outcome, journal: &Journal) -> Result<(), Violation> {
    let Ok(Some(accepted)) = outcome else { return Ok(()) };
    if journal.is_pending(key) {
        return Err(format!("{key} is acknowledged and not durable"));
    }
    let records: Vec<_> = journal.records.iter().filter(|record| record.key == Some(key)).collect();
    match records.as_slice() {
        [] => Err(format!("{key} is acknowledged and nowhere")),
        [record] if record.seq == accepted.seq => Ok(()),
        [record] => Err(format!("{key} is acknowledged at {} and journaled at {}", accepted.seq, record.seq)),
        _ => Err(format!("{key} was counted twice")),
    }
}

/// When all is quiet: what was acknowledged is there, what was refused is not, and no action counts twice.
pub(super) fn all_counted(clients: &[Client], journal: &Journal) -> Result<(), Violation> {
    let mut times: BTreeMap<Id, u32> = BTreeMap::new();
    for record in journal.records.iter().filter(|record| !matches!(record.body, Body::Opened(_))) {
        *times.entry(record.key.unwrap_or_default()).or_default() += u32::from(record.key.is_some());
    }
    let counted = |key: &Id| times.get(key).copied().unwrap_or_default();
    for (action, outcome) in clients.iter().flat_map(|client| client.answered.values()) {
        let sum = counted(&action.key) + action.older_keys.iter().map(counted).sum::<u32>();
        if sum > 1 {
            return Err(format!("{} {} was counted twice", action.op, action.data));
        }
        if outcome.is_err() && counted(&action.key) > 0 {
            return Err(format!("{} {} was refused and counted", action.op, action.data));
        }
    }
    Ok(())
}

/// The records of each room go on without a hole.
pub(super) fn no_holes(journal: &Journal) -> Result<(), Violation> {
    let mut seqs: BTreeMap<RoomRef, u64> = BTreeMap::new();
    for record in &journal.records {
        let count = match &record.body {
            Body::Opened(_) => continue,
            Body::Nothing => 1,
            Body::Facts(facts) => count(facts)?,
        };
        let seq = seqs.entry(record.room).or_default();
        *seq += count;
        if *seq != record.seq {
            return Err(format!("{}: a record ends at {}, not at {seq}", record.room, record.seq));
        }
    }
    Ok(())
}

fn count(facts: &[u8]) -> Result<u64, Violation> {
    let facts: Vec<serde::de::IgnoredAny> = rmp_serde::from_slice(facts).map_err(|why| why.to_string())?;
    Ok(facts.len() as u64)
}
