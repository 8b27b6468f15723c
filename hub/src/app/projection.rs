//! The store follows the journal: who may wait for it, and how it ends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plenum_persistence::journal::Journal;
use plenum_persistence::projector::{Progress, Projector};
use plenum_persistence::store::{Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often someone who waits for the store looks again.
const LOOK: Duration = Duration::from_millis(10);
/// The longest wait: after it, what the store has is what there is.
const PATIENCE: Duration = Duration::from_secs(2);

/// The task that writes the journal into the store.
pub struct Projection {
    journal: Arc<dyn Journal>,
    progress: Arc<Progress>,
    stop: watch::Sender<bool>,
    /// None once it was told to end.
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Projection {
    /// Goes on where the last one ended.
    ///
    /// # Errors
    /// The store cannot say where that was.
    pub(super) async fn start(journal: Arc<dyn Journal>, store: Store) -> Result<Self, StoreError> {
        let projector = Projector::open(Arc::clone(&journal), store).await?;
        let progress = projector.progress();
        let (stop, mut stopped) = watch::channel(false);
        // An error means that the sender is gone, which ends the hub as well.
        let until = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let task = Mutex::new(Some(tokio::spawn(projector.run(until))));
        Ok(Self { journal, progress, stop, task })
    }

    /// How far the store is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Waits until the store has all that was durable when this was called, so that whoever was acknowledged finds
    /// what they did; not for ever.
    pub async fn caught_up(&self) {
        let upto = self.journal.durable_lsn();
        let reached = async {
            let mut look = tokio::time::interval(LOOK);
            while self.progress.cursor() < upto {
                look.tick().await;
            }
        };
        if tokio::time::timeout(PATIENCE, reached).await.is_err() {
            tracing::warn!("the store is far behind the journal; a list is shown as it is");
        }
    }

    /// Writes the rest of the journal and ends.
    pub async fn finish(&self) {
        self.stop.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the projector ended badly; the next start goes on from its cursor");
        }
    }
}
