//! A database that is away for a while loses nothing and gets nothing twice.

use std::sync::Arc;

use super::hall::Hall;
use super::{dump, project};
use crate::journal::Journal;
use crate::projector::{Projector, ProjectorError};
use crate::store::tests::{Database, Twin};
use crate::store::{Settings, Store};

#[tokio::test]
async fn what_happens_while_the_database_is_away_is_written_when_it_is_back() {
    let Some(Twin::Postgres(superuser)) = Twin::postgres() else { return };
    let database = Database::make(&superuser).await;
    let store = Store::open(&database.url(), &Settings::default()).await.unwrap();
    let mut hall = Hall::new(7);
    hall.open_a_poll();
    hall.settle();
    let journal: Arc<dyn Journal> = Arc::clone(&hall.journal) as Arc<dyn Journal>;
    let mut projector = Projector::open(journal, store.clone()).await.unwrap();
    projector.catch_up().await.unwrap();

    database.shut().await;
    for _ in 0..3 {
        hall.live(40);
        hall.settle();
        let failed = projector.catch_up().await.unwrap_err();
        assert!(matches!(failed, ProjectorError::Store(_)), "{failed}");
    }
    database.reopen().await;
    assert!(projector.catch_up().await.unwrap() > 0);
    assert_eq!(projector.progress().cursor(), hall.journal.durable_lsn());

    let at_once = Twin::Postgres(superuser).empty().await;
    project(&hall, &at_once.store).await;
    assert_eq!(dump(&store).await, dump(&at_once.store).await);
}
