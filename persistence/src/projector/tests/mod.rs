mod activity;
mod edits;
mod hall;
mod outage;
mod owners;
mod property;
mod secrecy;

use std::sync::Arc;

use plenum_domain::Id;

use self::hall::Hall;
use super::Projector;
use crate::journal::Journal;
use crate::store::connection::Reach;
use crate::store::query::Query;
use crate::store::tests::{Twin, on_both};
use crate::store::{Recounted, Store};

on_both!(
    a_projector_goes_on_where_the_last_one_ended,
    a_running_projector_writes_everything_before_it_stops,
    a_room_that_cannot_be_read_stops_no_other,
);

/// The tables that the projector writes, all but its cursor.
const TABLES: [&str; 10] = [
    "facts",
    "polls",
    "poll_results",
    "poll_resets",
    "votes",
    "questions",
    "messages",
    "activity",
    "activity_people",
    "presence",
];

async fn project(hall: &Hall, store: &Store) -> u64 {
    hall.settle();
    let journal: Arc<dyn Journal> = Arc::clone(&hall.journal) as Arc<dyn Journal>;
    let mut projector = Projector::open(journal, store.clone()).await.unwrap();
    projector.catch_up().await.unwrap()
}

/// The columns of a table, and how its values are written out.
async fn columns(store: &Store, table: &str) -> Vec<(String, &'static str)> {
    let (sql, written) = match store.place().starts_with("postgres:") {
        true => (
            "SELECT column_name::TEXT FROM information_schema.columns WHERE table_name = $1",
            "quote_nullable",
        ),
        false => ("SELECT name FROM pragma_table_info($1)", "quote"),
    };
    let columns = Query::of_parts(sql.to_owned()).bind(table);
    let columns: Vec<(String,)> = columns.all(store.readers(Reach::Everyone)).await.unwrap();
    columns.into_iter().map(|(name,)| (name, written)).collect()
}

/// Every row of every table, as text; without the seq at which a row is known to be right, which may grow.
async fn dump(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let absolute = ["polls", "poll_results", "questions"].contains(&table);
        let columns = columns(store, table).await;
        let columns = columns.iter().filter(|(name, _)| !(absolute && name == "seq"));
        let quoted: Vec<String> = columns.map(|(name, quote)| format!("{quote}({name})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", quoted.join(" || '|' || "));
        let rows = Query::of_parts(sql).all::<(String,)>(store.readers(Reach::Everyone)).await.unwrap();
        all.extend(rows.into_iter().map(|(row,)| format!("{table}: {row}")));
    }
    all
}

/// Counts a conference anew.
async fn recount(store: &Store, conference: Id) -> Recounted {
    let mut edit = store.edit(hall::TENANT).await.unwrap();
    let recounted = edit.recount(conference).await.unwrap();
    edit.commit_unchanged().await.unwrap();
    recounted
}

async fn forget_the_cursor(store: &Store) {
    let forget = Query::of_parts("DELETE FROM projection".to_owned());
    forget.execute(store.behind(Reach::Everyone)).await.unwrap();
}

async fn a_projector_goes_on_where_the_last_one_ended(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let opened = project(&hall, &fixture.store).await;
    assert_eq!(project(&hall, &fixture.store).await, 0);
    hall.open_a_poll();
    assert_eq!((opened >= 2, project(&hall, &fixture.store).await), (true, 1));
}

async fn a_running_projector_writes_everything_before_it_stops(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(2);
    hall.open_a_poll();
    hall.live(50);
    hall.settle();
    let journal: Arc<dyn Journal> = Arc::clone(&hall.journal) as Arc<dyn Journal>;
    let projector = Projector::open(journal, fixture.store.clone()).await.unwrap();
    let progress = projector.progress();
    projector.run(std::future::ready(())).await;
    assert_eq!((progress.cursor(), progress.lag_records()), (hall.journal.durable_lsn(), 0));
    assert_eq!(progress.failure(), None);
}

async fn a_room_that_cannot_be_read_stops_no_other(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(3);
    hall.open_a_poll();
    hall.settle();
    let entries = hall.journal.after(0, 100).unwrap();
    let poll = &entries.iter().find(|entry| entry.record.room.kind == "poll").unwrap().record;
    let rubbish = plenum_rooms::engine::Record {
        seq: 1,
        body: plenum_rooms::engine::Body::Facts(b"rubbish".to_vec()),
        ..poll.clone()
    };
    let other = crate::journal::Source { shard: 9, generation: 0 };
    crate::journal::conformance::append(hall.journal.as_ref(), other, vec![rubbish]).unwrap();
    assert_eq!(project(&hall, &fixture.store).await, entries.len() as u64 + 1);
    let archived = fixture.store.archived_of_room(hall::TENANT, "poll", poll.room.id, 0, 9).await.unwrap();
    assert!(archived.iter().all(|record| record.body.is_none()), "what is not understood may be secret");
    let sessions =
        fixture.store.archived_of_room(hall::TENANT, "session", hall::SESSION, 0, 9).await.unwrap();
    assert!(sessions[0].body.is_some());
}
