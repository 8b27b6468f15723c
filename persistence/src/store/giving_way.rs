//! A thread that gives way: what is written behind everyone's back may not hold up those who wait for an answer.
//!
//! Such a thread is as nice as can be (nice(2)): next to a busy one of the usual priority it gets a sixtieth of a core, so
//! that it nearly stands still while a core has too much to do. [`Urgency`](super::Urgency) is how it gets its part then.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rustix::process::setpriority_process;
use rustix::thread::gettid;
use tokio::sync::oneshot;

/// The highest value that there is.
const NICE: i32 = 19;

type Job = Box<dyn FnOnce() + Send>;

/// A thread that gives way and does one job after the other. It ends with its handle.
#[derive(Debug)]
pub(crate) struct Background {
    jobs: Sender<Job>,
}

impl Background {
    /// Starts the thread; the system keeps fifteen characters of its name.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(name: &str) -> io::Result<Self> {
        let (jobs, todo) = channel::<Job>();
        let work = move || {
            give_way();
            // A job that panics has told whoever waits for it by dropping its answer.
            todo.iter().for_each(|job| drop(catch_unwind(AssertUnwindSafe(job))));
        };
        thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self { jobs })
    }

    /// Does a job there. Threads that the job starts give way as well. None when it panicked.
    pub(crate) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, answer) = oneshot::channel();
        let job = move || {
            // Whoever asked may have given up waiting.
            let _ = done.send(job());
        };
        self.jobs.send(Box::new(job)).ok()?;
        answer.await.ok()
    }
}

/// Lets this thread give way. Where the system does not allow it, it works like any other.
fn give_way() {
    if let Err(error) = setpriority_process(Some(gettid()), NICE) {
        tracing::debug!(%error, "a thread that writes behind keeps its priority");
    }
}

#[cfg(test)]
mod tests {
    use rustix::process::getpriority_process;

    use super::*;

    #[tokio::test]
    async fn the_thread_and_those_that_it_starts_give_way_and_no_others() {
        let nice = || getpriority_process(Some(gettid())).expect("a thread knows its priority");
        let (before, background) = (nice(), Background::start("gives-way").expect("a thread starts"));
        assert_eq!(background.run(nice).await, Some(NICE));
        let child = move || thread::spawn(nice).join().expect("it only looks");
        assert_eq!(background.run(child).await, Some(NICE));
        assert_eq!(nice(), before);
    }

    #[tokio::test]
    async fn a_job_that_panics_does_not_end_the_thread() {
        let background = Background::start("panics").expect("a thread starts");
        assert_eq!(background.run(|| -> u8 { panic!("on purpose") }).await, None);
        assert_eq!(background.run(|| 7).await, Some(7));
    }
}
