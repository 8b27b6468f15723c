//! A store that was copied is the same store.

use plenum_domain::conference::read_programme;

use super::{Fixture, NOW, Twin, edited, furnished, id, on_both};
use crate::store::connection::Reach;
use crate::store::copy::TABLES;
use crate::store::query::Query;
use crate::store::{CopyError, Import, NewConference, Page, Search, SessionFilter};

on_both!(
    everything_arrives_on_the_other_and_comes_back,
    a_store_with_something_in_it_is_left_alone,
    no_table_is_forgotten
);

const DEMO: &[u8] = include_bytes!("../../../../config/demo-programme.xml");

async fn full(twin: &Twin) -> Fixture {
    let fixture = furnished(twin).await;
    let programme = read_programme(DEMO).unwrap();
    let conference = NewConference::of_programme(&programme, id(900), id(1), "DEMO", NOW).unwrap();
    let mut next = 1_000;
    let mut new_id = || {
        next += 1;
        id(next)
    };
    let import = Import { conference, programme: &programme, source_hash: [7; 32], new_id: &mut new_id };
    edited(&fixture.store, async |edit| edit.import_programme(import).await).await.unwrap();
    fixture
}

async fn sessions(fixture: &Fixture) -> Vec<crate::store::Session> {
    let (filter, page) = (SessionFilter::default(), Page::new(1, 100));
    fixture.store.sessions(id(1), id(900), &filter, page).await.unwrap().items
}

async fn everything_arrives_on_the_other_and_comes_back(twin: Twin) {
    let here = full(&twin).await;
    let (other, back) = (Twin::Sqlite.empty().await, twin.empty().await);
    let copied = here.store.copy_to(&other.store).await.unwrap();
    assert_eq!(copied.iter().find(|copied| copied.table == "sessions").unwrap().rows, 12);
    assert_eq!(other.store.copy_to(&back.store).await.unwrap(), copied);
    assert_eq!(sessions(&other).await, sessions(&here).await);
    assert_eq!(sessions(&back).await, sessions(&here).await);
    let search = Search { conference: id(900), words: "poll misread", drafts: false };
    let found = back.store.search_sessions(id(1), &search, Page::default()).await.unwrap();
    assert_eq!(found.total, 1, "what was copied can be searched");
    let user = |fixture: &Fixture| {
        let store = fixture.store.clone();
        async move { store.user(id(1), id(10)).await.unwrap() }
    };
    assert_eq!(user(&back).await, user(&here).await);
}

async fn a_store_with_something_in_it_is_left_alone(twin: Twin) {
    let (here, other) = (full(&twin).await, furnished(&twin).await);
    let refused = here.store.copy_to(&other.store).await.unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty { table: "tenants", .. }), "{refused}");
    assert_eq!(other.store.conference(id(1), id(900)).await.unwrap(), None);
}

async fn no_table_is_forgotten(twin: Twin) {
    let fixture = twin.empty().await;
    let sql = match twin {
        Twin::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Twin::Postgres(_) => {
            "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let query = Query::of_parts(sql.to_owned());
    let tables: Vec<(String,)> = query.all(fixture.store.readers(Reach::Everyone)).await.unwrap();
    let mut tables: Vec<String> = tables.into_iter().map(|(table,)| table).collect();
    // What the program or a trigger makes again.
    tables.retain(|table| table != "_sqlx_migrations" && table != "headcounts");
    tables.retain(|table| !table.starts_with("session_search"));
    tables.sort();
    let mut known = TABLES.to_vec();
    known.sort_unstable();
    assert_eq!(tables, known, "list it in store/copy/tables.rs");
}
