//! Running other programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How long a program that took too long may take to end what it started.
const END_MAX: Duration = Duration::from_secs(10);

/// A program to run, with its words, folder and environment. It never reads the terminal.
#[derive(Debug)]
pub(crate) struct Program {
    shown: String,
    command: Command,
}

/// A program that has ended, and all that it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Whether it ended well.
    pub(crate) ok: bool,
    /// Its standard output and error, as they came.
    pub(crate) text: String,
}

/// A server that runs beside us until this value goes.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().map_or(true, |ended| ended.is_some())
    }
}

impl Drop for Running {
    /// Interrupts it by its id, the way in which servers close in order, and waits for its end.
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        if self.has_ended() {
            return;
        }
        if !Program::new("sh", &["-c", &format!("kill -INT {pid}")]).succeeds() {
            // It may have ended in this moment.
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

/// Where a program is, when `PATH` has it.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Whether this process has all rights.
pub(crate) fn we_are_root() -> bool {
    Program::new("id", &["-u"]).answer().is_ok_and(|id| id.trim() == "0")
}

/// Whether cargo set a variable for this very package when it ran us. Build scripts of other packages watch the same
/// names: a cargo that inherits them compiles afresh what a cargo of the command line has compiled, and the other way round.
fn is_about_this_package(key: &std::ffi::OsStr) -> bool {
    const PREFIXES: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    key.to_str().is_some_and(|key| PREFIXES.iter().any(|prefix| key.starts_with(prefix)))
}

impl Program {
    /// A program by its name, with its words.
    pub(crate) fn new(name: &str, words: &[&str]) -> Self {
        let mut command = Command::new(name);
        command.args(words).stdin(Stdio::null());
        for (key, _) in std::env::vars_os().filter(|(key, _)| is_about_this_package(key)) {
            command.env_remove(key);
        }
        Self { shown: [&[name], words].concat().join(" "), command }
    }

    /// Runs in `folder`.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// More words at the end.
    pub(crate) fn words(mut self, words: &[String]) -> Self {
        self.command.args(words);
        for word in words {
            self.shown.push(' ');
            self.shown.push_str(word);
        }
        self
    }

    /// With one more environment variable.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Whether it can be started and ends well; what it says is thrown away.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// What it writes to its standard output, for programs that answer in a line or a list.
    pub(crate) fn answer(mut self) -> Result<String, Failure> {
        let output = self.command.stderr(Stdio::inherit()).output().map_err(|e| self.start_failure(&e))?;
        if !output.status.success() {
            return Err(Failure::new(format!("`{}` failed", self.shown)));
        }
        String::from_utf8(output.stdout)
            .map_err(|_| Failure::new(format!("`{}` did not answer in UTF-8", self.shown)))
    }

    /// Starts it beside us; what it says goes into the file `log`.
    pub(crate) fn start(mut self, log: &Path) -> Result<Running, Failure> {
        let writing = |e| Failure::while_doing(format!("writing {}", log.display()), &e);
        let file = std::fs::File::create(log).map_err(writing)?;
        self.command.stdout(file.try_clone().map_err(writing)?).stderr(file);
        let child = self.command.spawn().map_err(|e| self.start_failure(&e))?;
        Ok(Running { child })
    }

    /// Told to end when this process is gone, however that came, where Linux has the program that asks the kernel for it.
    fn ending_with_us(self) -> Self {
        let Some(setpriv) = find("setpriv") else { return self };
        let mut command = Command::new(setpriv);
        command
            .args(["--pdeathsig=TERM", "--"])
            .arg(self.command.get_program())
            .args(self.command.get_args());
        for (key, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        command.stdin(Stdio::null());
        Self { shown: self.shown, command }
    }

    /// Runs it with its output going straight to ours.
    pub(crate) fn run(self) -> Result<(), Failure> {
        println!("  $ {}", self.shown);
        let mut program = self.ending_with_us();
        let status = program.command.status().map_err(|e| program.start_failure(&e))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::new(format!("`{}` failed ({status})", program.shown)))
        }
    }

    /// Runs it, shows what it writes line by line, and keeps it as well. What takes longer than `limit` is ended.
    pub(crate) fn run_and_keep(self, limit: Duration) -> Result<Ended, Failure> {
        println!("  $ {}", self.shown);
        let mut program = self.ending_with_us();
        program.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.command.spawn().map_err(|e| program.start_failure(&e))?;
        let (lines, received) = mpsc::channel();
        let out = child.stdout.take().expect("stdout was asked for as a pipe");
        let err = child.stderr.take().expect("stderr was asked for as a pipe");
        follow(out, lines.clone());
        follow(err, lines);
        let Some(text) = show(&received, Instant::now() + limit) else {
            end(&mut child);
            return Err(Failure::new(format!("`{}` took longer than {} s", program.shown, limit.as_secs())));
        };
        let status = child.wait().map_err(|e| program.start_failure(&e))?;
        Ok(Ended { ok: status.success(), text })
    }

    /// Becomes that program: does not come back when it could be started.
    #[cfg(unix)]
    pub(crate) fn become_it(mut self) -> Failure {
        use std::os::unix::process::CommandExt;
        println!("  $ {}", self.shown);
        self.command.stdin(Stdio::inherit());
        let error = self.command.exec();
        self.start_failure(&error)
    }

    /// Runs that program to its end, where a process cannot be replaced.
    #[cfg(not(unix))]
    pub(crate) fn become_it(self) -> Failure {
        match self.run() {
            Ok(()) => std::process::exit(0),
            Err(failure) => failure,
        }
    }

    fn start_failure(&self, error: &std::io::Error) -> Failure {
        Failure::while_doing(format!("starting `{}`", self.shown), error)
    }
}

/// Tells a program to end, so that it can end what it started, and kills it when it does not.
fn end(child: &mut Child) {
    let told = Program::new("sh", &["-c", &format!("kill -TERM {}", child.id())]).succeeds();
    let deadline = Instant::now() + if told { END_MAX } else { Duration::ZERO };
    while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // It may have ended by itself in this moment; then there is nothing to end.
    drop(child.kill());
    drop(child.wait());
}

/// Sends each line of `from` on, in a thread of its own; bytes that are not UTF-8 become marks.
fn follow(from: impl Read + Send + 'static, to: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n') {
            let Ok(line) = line else { return };
            if to.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}

/// Shows lines until both outputs are closed; nothing when that has not happened by the deadline.
fn show(received: &mpsc::Receiver<String>, deadline: Instant) -> Option<String> {
    let mut text = String::new();
    let mut terminal = std::io::stdout().lock();
    loop {
        match received.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                // A closed terminal must not stop the run whose outcome we still report by the exit code.
                drop(writeln!(terminal, "{line}"));
                text.push_str(&line);
                text.push('\n');
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return Some(text),
            Err(mpsc::RecvTimeoutError::Timeout) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::Program;

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn both_outputs_are_kept() {
        let program = Program::new("sh", &["-c", "echo one; echo two >&2; exit 3"]);
        let ended = program.run_and_keep(LONG).expect("sh starts");
        assert!(!ended.ok);
        assert!(ended.text.contains("one\n") && ended.text.contains("two\n"));
    }

    #[test]
    fn what_runs_beside_us_ends_with_its_value() {
        let tail = Program::new("tail", &["-f", "/dev/null"]);
        let mut running = tail.start(Path::new("/dev/null")).expect("tail starts");
        assert!(!running.has_ended());
        drop(running);
    }

    #[test]
    fn what_hangs_is_ended() {
        let failure = Program::new("tail", &["-f", "/dev/null"])
            .run_and_keep(Duration::ZERO)
            .expect_err("it never ends");
        assert!(failure.to_string().contains("took longer"));
    }

    #[test]
    fn what_cargo_says_of_this_package_is_not_handed_on() {
        let seen = Program::new("sh", &["-c", "echo [$CARGO_PKG_NAME$CARGO_MANIFEST_DIR]"]).answer();
        assert_eq!(seen.expect("sh starts"), "[]\n");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = Program::new("no-such-program-here", &["x"]).run().expect_err("it is not there");
        assert!(failure.to_string().contains("no-such-program-here x"));
    }
}
