//! A Redis of our own: on a free port, with a folder that goes with it, stopped by its id.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where the program is.
const VARIABLE: &str = "PLENUM_TEST_REDIS_SERVER";
/// Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// As an operator should have it.
const SAFE: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "always"];

/// A running Redis.
pub(crate) struct Server {
    program: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    settings: Vec<String>,
    child: Option<Child>,
}

impl Server {
    /// Starts one that is set up safely; none, with a word, when the machine has no Redis.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&SAFE)
    }

    /// Starts one with these settings.
    pub(crate) fn start_with(settings: &[&str]) -> Option<Self> {
        let mut server = Self::prepare(settings)?;
        server.launch();
        Some(server)
    }

    /// One that has an address and does not run yet.
    pub(crate) fn prepare(settings: &[&str]) -> Option<Self> {
        let Some(program) = std::env::var_os(VARIABLE) else {
            println!("{VARIABLE} is not set: there is no Redis to test with");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let settings = settings.iter().map(|&word| word.to_owned()).collect();
        Some(Self { program: program.into(), folder, port: free_port(), settings, child: None })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it on the data that it has, and waits until it answers.
    pub(crate) fn launch(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut child = self.spawn();
            if wait_for_answer(self.address(), &mut child, deadline) {
                self.child = Some(child);
                return;
            }
            assert!(self.child.is_none() && Instant::now() < deadline, "redis-server does not start");
        }
    }

    fn spawn(&self) -> Child {
        Command::new(&self.program)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .arg("--dir")
            .arg(self.folder.path())
            .args(&self.settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server can be started")
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("our own process can be killed");
            child.wait().expect("our own process can be waited for");
        }
    }

    /// Throws its data away.
    pub(crate) fn empty(&self) {
        for entry in std::fs::read_dir(self.folder.path()).expect("our own folder can be read") {
            let path = entry.expect("its entries too").path();
            let removed =
                if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            removed.expect("our own file can be removed");
        }
    }

    /// It stands still, with its connections open.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// It goes on where it stood.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.as_ref().expect("it runs").id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().expect("kill can be run");
        assert!(status.success(), "kill {signal} {id}: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("a listener has an address").port()
}

/// Whether it answers; no as soon as it has ended (somebody else took the port).
fn wait_for_answer(address: SocketAddr, child: &mut Child, deadline: Instant) -> bool {
    while Instant::now() < deadline {
        if child.try_wait().expect("our own process can be asked").is_some() {
            return false;
        }
        if answers(address) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    let mut answer = [0; 5];
    let asked = stream.write_all(b"PING\r\n").and_then(|()| stream.read_exact(&mut answer));
    asked.is_ok() && &answer == b"+PONG"
}
