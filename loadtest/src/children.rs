//! Processes that end when this one does, however it ends.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Where Linux has the program that asks the kernel for it.
const SETPRIV: &str = "/usr/bin/setpriv";

/// A command whose process the kernel kills when the thread that started it is gone; start it with [`start`]. Elsewhere
/// than on Linux it is an ordinary one.
pub(crate) fn command(program: &OsStr) -> Command {
    if !Path::new(SETPRIV).exists() {
        return Command::new(program);
    }
    let mut command = Command::new(SETPRIV);
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

type Wanted = (Command, Sender<io::Result<Child>>);

/// Starts a command on a thread that lasts as long as this process: threads of a runtime come and go.
///
/// # Errors
/// It cannot be started.
pub(crate) fn start(command: Command) -> io::Result<Child> {
    static NURSERY: OnceLock<Mutex<Sender<Wanted>>> = OnceLock::new();
    let nursery = NURSERY.get_or_init(|| Mutex::new(nursery()));
    let (answer, started) = channel();
    let gone = |_| io::Error::other("the thread that starts processes is gone");
    let sent = nursery.lock().unwrap_or_else(PoisonError::into_inner).send((command, answer));
    sent.map_err(|_| io::Error::other("the thread that starts processes is gone"))?;
    started.recv().map_err(gone)?
}

fn nursery() -> Sender<Wanted> {
    let (wish, wishes) = channel::<Wanted>();
    std::thread::spawn(move || {
        for (mut command, answer) in wishes {
            // Whoever asked waits for it.
            let _ = answer.send(command.spawn());
        }
    });
    wish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_outlives_the_thread_that_asked_for_it() {
        let sleeper = || {
            let mut sleeper = command(OsStr::new("sleep"));
            sleeper.arg("600");
            start(sleeper).expect("sleep can be started")
        };
        let mut child = std::thread::spawn(sleeper).join().expect("it does not panic");
        assert!(child.try_wait().expect("our own process can be asked").is_none());
        child.kill().expect("our own process can be ended");
        child.wait().expect("our own process can be waited for");
    }
}
