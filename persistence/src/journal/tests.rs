use plenum_domain::Id;
use plenum_rooms::engine::Record;

use super::conformance::{PROMISES, append, record};
use super::{Journal, MemoryJournal, Settings, Source, SqliteJournal, Which};

fn on_every_journal(test: impl Fn(&dyn Journal)) {
    test(&MemoryJournal::new(42, Settings::default()));
    let folder = tempfile::tempdir().unwrap();
    test(&SqliteJournal::open(&folder.path().join("journal"), 42, Settings::default()).unwrap());
}

#[test]
fn every_journal_keeps_every_promise() {
    for (promise, test) in PROMISES {
        println!("{promise}");
        on_every_journal(test);
    }
}

#[test]
fn a_journal_of_all_conferences_loads_one_of_them() {
    on_every_journal(|journal| {
        let opened = |room: u128| {
            let record = record(room, 0);
            let scope = plenum_rooms::Scope { conference: Id::from_bits(room % 2), ..record.scope };
            Record { scope, ..record }
        };
        append(journal, Source { shard: 0, generation: 0 }, (1..=6).map(opened).collect()).unwrap();
        let ids = |which| -> Vec<u128> {
            journal.load(which).unwrap().map(|loaded| loaded.unwrap().room.id.bits()).collect()
        };
        assert_eq!(ids(Which::All), [1, 2, 3, 4, 5, 6]);
        assert_eq!(ids(Which::Conference(Id::from_bits(1))), [1, 3, 5]);
        assert_eq!(ids(Which::Conference(Id::from_bits(8))), [0; 0]);
        assert_eq!(journal.epoch(), 42);
    });
}
