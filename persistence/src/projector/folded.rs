//! A room as the projector follows it: the same pure state machine as on the shard, fed from the journal.

use plenum_domain::Id;
use plenum_domain::activity::Deed;
use plenum_rooms::engine::{Actor, Audience, Body, Corrupt, Loaded, Numbered, Payload, Record, Room, Viewer};
use plenum_rooms::kinds::session::wire::Peak;
use plenum_rooms::{RoomRef, Scope};

use super::rows::Rows;
use crate::store::ArchivedRecord;

/// Which facts must not be told apart in the archive.
pub(super) type Secrecy<F> = Box<dyn Fn(&F) -> bool>;

/// How a kind's facts become rows. The room holds all facts that it is asked about, and maybe later ones: rows show the
/// room as it is, and the latest wins.
pub(super) trait Project: Room {
    /// Rows that only the moment right after one record can give; `by` made it, the zero id when time itself acted.
    fn at_once(&self, place: &Place, by: Id, facts: &[Numbered<Self::Fact>], rows: &mut Rows) {
        let _ = (place, by, facts, rows);
    }

    /// Rows for all facts of a batch; none of them when the room was opened and nothing else.
    fn at_end(&self, place: &Place, facts: &[Numbered<Self::Fact>], rows: &mut Rows) {
        let _ = (place, facts, rows);
    }

    /// What is counted of a fact.
    fn deed(fact: &Self::Fact) -> Option<Deed> {
        let _ = fact;
        None
    }

    /// How many people a fact says were there at once.
    fn peak(fact: &Self::Fact) -> Option<Peak> {
        let _ = fact;
        None
    }

    /// Which facts the archive keeps without who, when and what.
    fn secrecy(&self) -> Secrecy<Self::Fact>;
}

/// Which room, where it belongs, and how far it has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) room: RoomRef,
    pub(super) scope: Scope,
    pub(super) seq: u64,
}

impl Place {
    /// The room's seq, as columns have it.
    pub(super) fn seq(&self) -> i64 {
        self.seq.cast_signed()
    }
}

/// A [`Project`] whose types the projector does not know.
pub(super) trait Projected: Send {
    /// Takes a record of a batch: applies it, unless the room holds it already.
    fn take(&mut self, record: Record, rows: &mut Rows) -> Result<(), Corrupt>;
    /// The batch is over.
    fn finish(&mut self, rows: &mut Rows);
}

struct Folded<R: Room> {
    room: R,
    place: Place,
    /// The records of this batch that opened the room, or hold facts.
    opened: Vec<Record>,
    batch: Vec<(Record, usize)>,
    facts: Vec<Numbered<R::Fact>>,
}

/// Brings a room back from what the journal holds.
pub(super) fn open<R: Project>(loaded: Loaded) -> Result<Box<dyn Projected>, Corrupt> {
    let mut records = loaded.records.into_iter();
    let (room, seq) = match &loaded.snapshot {
        Some(snapshot) => {
            let state = snapshot.room_state()?;
            (rmp_serde::from_slice(&state).map_err(|why| corrupt::<R>("the snapshot", &why))?, snapshot.seq)
        }
        None => (opened_room::<R>(loaded.room.id, loaded.scope, records.next())?, 0),
    };
    let place = Place { room: loaded.room, scope: loaded.scope, seq };
    let mut folded = Folded::<R> { room, place, opened: Vec::new(), batch: Vec::new(), facts: Vec::new() };
    for record in records {
        folded.evolve(&record)?;
    }
    Ok(Box::new(folded))
}

fn opened_room<R: Room>(id: Id, scope: Scope, first: Option<Record>) -> Result<R, Corrupt> {
    let Some(Record { body: Body::Opened(settings), .. }) = first else {
        return Err(corrupt::<R>("the first record", &"it does not open the room"));
    };
    let settings = Payload::json(&settings).read().map_err(|why| corrupt::<R>("the settings", &why))?;
    R::open(id, scope, settings).map_err(|refusal| corrupt::<R>("the settings", &refusal.message))
}

fn corrupt<R: Room>(what: &'static str, why: &dyn std::fmt::Display) -> Corrupt {
    Corrupt { what, kind: R::KIND, why: why.to_string() }
}

impl<R: Project> Folded<R> {
    /// The facts of a record, applied unless the room is at or after them.
    fn evolve(&mut self, record: &Record) -> Result<Vec<Numbered<R::Fact>>, Corrupt> {
        let facts: Vec<R::Fact> = match &record.body {
            Body::Facts(bytes) => rmp_serde::from_slice(bytes).map_err(|why| corrupt::<R>("facts", &why))?,
            Body::Nothing => Vec::new(),
            Body::Opened(_) => return Ok(Vec::new()),
        };
        if record.seq > self.place.seq {
            facts.iter().for_each(|fact| self.room.evolve(fact));
            self.place.seq = record.seq;
        }
        let first = record.seq + 1 - facts.len() as u64;
        let numbered = |(fact, seq)| Numbered { seq, fact, at: record.at, origin: None };
        Ok(facts.into_iter().zip(first..).map(numbered).collect())
    }
}

impl<R: Project> Projected for Folded<R> {
    fn take(&mut self, record: Record, rows: &mut Rows) -> Result<(), Corrupt> {
        let mut facts = self.evolve(&record)?;
        self.room.at_once(&self.place, record.participant, &facts, rows);
        match record.body {
            Body::Opened(_) => self.opened.push(record),
            Body::Facts(_) => self.batch.push((record, facts.len())),
            // Nothing happened: there is nothing to archive.
            Body::Nothing => {}
        }
        self.facts.append(&mut facts);
        Ok(())
    }

    fn finish(&mut self, rows: &mut Rows) {
        let secret = self.room.secrecy();
        rows.facts.extend(self.opened.drain(..).map(archived));
        let mut rest = &self.facts[..];
        for (record, count) in self.batch.drain(..) {
            let (its, others) = rest.split_at(count);
            rest = others;
            let sealed = its.iter().any(|numbered| secret(&numbered.fact));
            let deed =
                its.iter().find_map(|numbered| R::deed(&numbered.fact)).map(|deed| deed.name().to_owned());
            let peak = its.iter().find_map(|numbered| R::peak(&numbered.fact));
            let (present, present_from) = (peak.map(|peak| peak.people.into()), peak.map(|peak| peak.from));
            let kept = if sealed { sealed_record(&record) } else { archived(record) };
            rows.facts.push(ArchivedRecord { deed, present, present_from, ..kept });
        }
        self.room.at_end(&self.place, &std::mem::take(&mut self.facts), rows);
    }
}

fn archived(record: Record) -> ArchivedRecord {
    let sealed = sealed_record(&record);
    let body = record.body.bytes().to_vec();
    let participant = (record.participant != Id::default()).then_some(record.participant);
    ArchivedRecord { key: record.key, participant, at: Some(record.at), body: Some(body), ..sealed }
}

/// That something happened, and nothing more; what it was is said in a word where it is counted.
pub(super) fn sealed_record(record: &Record) -> ArchivedRecord {
    ArchivedRecord {
        kind: record.room.kind.to_owned(),
        room: record.room.id,
        seq: record.seq.cast_signed(),
        tenant: record.scope.tenant,
        conference: record.scope.conference,
        session: record.scope.session,
        opens: matches!(record.body, Body::Opened(_)),
        key: None,
        participant: None,
        at: None,
        deed: None,
        present: None,
        present_from: None,
        body: None,
    }
}

/// The room's state as moderators see it.
pub(super) fn moderators_state<R: Room>(room: &R) -> R::View {
    let actor =
        Actor { participant: Id::default(), name: String::new(), roles: plenum_domain::Roles::default() };
    room.state(&Viewer { actor: &actor, audience: Audience::Moderator })
}
