//! What Redis and the store have, read without asking any hub.

use plenum_domain::Id;
use plenum_hub::clock::Clock;
use plenum_hub::cluster::fence::{EntryId, Fence, Logged};
use plenum_hub::cluster::lease::Member;
use plenum_hub::cluster::redis::{RedisFence, connect};
use plenum_persistence::store::{Settings, Store};
use plenum_rooms::RoomRef;

use super::Hall;
use crate::hub::text;

/// More than any of these tests writes.
const ALL: usize = 10_000;

/// The journal and the store at one moment.
#[derive(Debug)]
pub(super) struct Kept {
    /// The conference's journal: under which epoch, and the room and seq of what is no barrier.
    pub(super) journal: Vec<(EntryId, Option<(String, u64)>)>,
    /// The epoch of the newest owner that wrote into the store.
    pub(super) store_epoch: u64,
    /// The poll's seqs in the store's archive, in order.
    pub(super) archive: Vec<u64>,
}

impl Kept {
    /// Reads both.
    pub(super) fn of(hall: &Hall) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(read(hall))
    }

    /// What was written under an epoch.
    pub(super) fn under(&self, epoch: u64) -> usize {
        self.journal.iter().filter(|(id, _)| id.epoch == epoch).count()
    }

    /// The newest epoch of the journal.
    pub(super) fn epoch(&self) -> u64 {
        self.journal.iter().map(|(id, _)| id.epoch).max().unwrap_or_default()
    }

    /// The seqs of a room in the journal, in its order.
    pub(super) fn seqs(&self, room: &str) -> Vec<u64> {
        let of_room = |(_, record): &(EntryId, Option<(String, u64)>)| {
            record.as_ref().filter(|(one, _)| one == room).map(|(_, seq)| *seq)
        };
        self.journal.iter().filter_map(of_room).collect()
    }
}

async fn read(hall: &Hall) -> Kept {
    let conference: Id = text(&hall.conference["id"]).parse().unwrap();
    let room = RoomRef::parse(&hall.room()).unwrap();
    let me = Member { node: "reader".to_owned(), run: 0, address: String::new() };
    let client = connect(&hall.redis.url()).unwrap();
    fred::interfaces::ClientLike::wait_for_connect(&client).await.unwrap();
    let fence = RedisFence::new(client, me, Clock::new());
    let entries = fence.entries(conference, EntryId::default(), ALL).await.unwrap();
    let store = Store::open(&hall.store_url(), &Settings::default()).await.unwrap();
    let seen = store.seen(conference).await.unwrap();
    let archive = match store.place_of_room(room).await.unwrap() {
        Some(place) => {
            assert_eq!(place.conference, conference);
            store.archived_of_room(place.tenant, room.kind, room.id, 0, ALL as u32).await.unwrap()
        }
        None => Vec::new(),
    };
    store.close().await;
    let record = |logged| match logged {
        Logged::Barrier(_) => None,
        Logged::Record(stored) => Some((stored.room, stored.seq)),
    };
    Kept {
        journal: entries.into_iter().map(|(id, logged)| (id, record(logged))).collect(),
        store_epoch: seen.map_or(0, |seen| seen.owner_epoch),
        archive: archive.iter().map(|one| one.seq.cast_unsigned()).collect(),
    }
}
