//! In a cluster the owner of a conference writes, and nobody else.

use super::hall::{CONFERENCE, Hall};
use crate::journal::Journal;
use crate::projector::{Projector, ProjectorError};
use crate::store::tests::{Twin, on_both};

on_both!(a_former_owner_writes_nothing_into_the_store, a_loss_that_is_accepted_is_written_over);

/// A paused ex-owner wakes up in the middle of its work: the next owner has claimed the conference meanwhile.
async fn a_former_owner_writes_nothing_into_the_store(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let open = |epoch| {
        let journal: std::sync::Arc<dyn Journal> = hall.journal.clone();
        Projector::of_conference(journal, fixture.store.clone(), CONFERENCE, epoch)
    };
    hall.settle();
    let mut former = open(1).await.unwrap();
    let written = former.catch_up().await.unwrap();
    assert!(written > 0);
    let mut owner = open(2).await.unwrap();
    assert_eq!(owner.catch_up().await.unwrap(), 0, "the next owner goes on where the former one ended");
    assert!(matches!(open(1).await, Err(ProjectorError::Fenced)));
    hall.open_a_poll();
    hall.settle();
    assert!(matches!(former.catch_up().await, Err(ProjectorError::Fenced)));
    let seen = fixture.store.seen(CONFERENCE).await.unwrap().unwrap();
    assert_eq!((seen.owner_epoch, seen.lsn), (2, written), "not a row, not the cursor");
    assert!(owner.catch_up().await.unwrap() > 0);
}

/// The journal came back shorter, an operator accepts it: what is left of it is written again, whatever the store has.
async fn a_loss_that_is_accepted_is_written_over(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    hall.open_a_poll();
    let open = |epoch| {
        let journal: std::sync::Arc<dyn Journal> = hall.journal.clone();
        Projector::of_conference(journal, fixture.store.clone(), CONFERENCE, epoch)
    };
    hall.settle();
    let written = open(7).await.unwrap().catch_up().await.unwrap();
    assert!(written > 0);
    assert!(fixture.store.accept_loss(CONFERENCE, 99).await.unwrap());
    let seen = fixture.store.seen(CONFERENCE).await.unwrap().unwrap();
    assert_eq!((seen.owner_epoch, seen.history, seen.lsn), (8, 99, 0));
    assert!(matches!(open(7).await, Err(ProjectorError::Fenced)), "whoever had it writes no more");
    assert_eq!(
        open(9).await.unwrap().catch_up().await.unwrap(),
        written,
        "all that is left is written again"
    );
    assert!(!fixture.store.accept_loss(plenum_domain::Id::from_bits(77), 99).await.unwrap());
}
