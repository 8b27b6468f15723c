//! Threads that give way: what is written behind everyone's back may not hold up those who wait for an answer.

use std::fs;

use rustix::process::{Pid, getpriority_process, setpriority_process};

/// How nice they are: next to a busy thread of the usual priority they get about a quarter of a core, so that the store
/// falls behind while there is much to do, but never stands still (`nice(2)`: each step is worth about a quarter).
const NICE: i32 = 5;

/// Lets threads of this process whose name begins with `name` give way to others. Where the system does not say which
/// threads there are, nothing changes.
pub(super) fn let_threads_give_way(name: &str) {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return };
    for thread in threads.flatten() {
        let is_one = fs::read_to_string(thread.path().join("comm")).is_ok_and(|comm| comm.starts_with(name));
        let id = thread.file_name().to_str().and_then(|id| id.parse().ok()).and_then(Pid::from_raw);
        if let (true, Some(id)) = (is_one, id)
            && getpriority_process(Some(id)).is_ok_and(|nice| nice < NICE)
            && let Err(error) = setpriority_process(Some(id), NICE)
        {
            tracing::debug!(%error, "a thread that writes behind keeps its priority");
        }
    }
}

#[cfg(test)]
mod tests {
    use rustix::thread::gettid;

    use super::*;

    #[test]
    fn threads_of_that_name_give_way_and_no_others() {
        let (ask, asked) = std::sync::mpsc::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("gives-way-1".to_owned()).spawn(move || {
            tell.send(gettid()).expect("the test waits for it");
            // Stays until the test has looked.
            let _: Result<(), _> = asked.recv();
        });
        let id = told.recv().expect("the thread says its id");
        let mine = getpriority_process(Some(gettid())).expect("a thread knows its priority");
        let_threads_give_way("gives-way");
        assert_eq!(getpriority_process(Some(id)), Ok(NICE.max(mine)));
        assert_eq!(getpriority_process(Some(gettid())), Ok(mine));
        drop(ask);
        thread.expect("a thread starts").join().expect("it only waits");
    }
}
