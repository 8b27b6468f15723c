//! A Redis of our own, set up as an operator should have it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::hub::free_port;
use crate::{children, process};

/// Where the program is; without it, `redis-server` of the system.
const VARIABLE: &str = "PLENUM_TEST_REDIS_SERVER";
const PATIENCE: Duration = Duration::from_secs(30);

/// A running Redis.
pub(crate) struct Redis {
    program: PathBuf,
    folder: PathBuf,
    pub(crate) address: SocketAddr,
    child: Option<Child>,
}

impl Redis {
    /// Starts one that keeps its data in a folder of its own below `folder`.
    ///
    /// # Errors
    /// There is no such program, or it does not answer.
    pub(crate) fn start(folder: &Path) -> io::Result<Self> {
        let program = std::env::var_os(VARIABLE).unwrap_or_else(|| "redis-server".into()).into();
        let folder = folder.join("redis");
        std::fs::create_dir_all(&folder)?;
        let mut redis = Self { program, folder, address: free_port()?, child: None };
        redis.launch()?;
        Ok(redis)
    }

    /// Starts it on the data that it has, and waits until it answers.
    pub(crate) fn launch(&mut self) -> io::Result<()> {
        let log = std::fs::File::create(self.folder.join("redis.log"))?;
        let port = self.address.port().to_string();
        let mut command = children::command(self.program.as_os_str());
        command
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
            .args(["--appendfsync", "always", "--maxmemory-policy", "noeviction", "--dir"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::null());
        let failed = |error| io::Error::other(format!("{}: {error}", self.program.display()));
        self.child = Some(children::start(command).map_err(failed)?);
        let start = Instant::now();
        while !self.answers() {
            if start.elapsed() > PATIENCE {
                return Err(io::Error::other("redis-server does not answer"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// It stands still, with its connections open, until [`Redis::resume`].
    pub(crate) fn pause(&self) -> io::Result<()> {
        process::signal(self.pid(), "STOP")
    }

    /// It goes on where it stood.
    pub(crate) fn resume(&self) -> io::Result<()> {
        process::signal(self.pid(), "CONT")
    }

    /// How many messages were published on sharded channels since it began.
    ///
    /// # Errors
    /// It does not answer.
    pub(crate) fn published(&self) -> io::Result<u64> {
        let stats = self.ask("INFO commandstats")?;
        let calls = stats.split_once("cmdstat_spublish:calls=").and_then(|(_, rest)| rest.split(',').next());
        Ok(calls.and_then(|calls| calls.parse().ok()).unwrap_or_default())
    }

    /// How many listen to the sharded channels, all together.
    ///
    /// # Errors
    /// It does not answer.
    pub(crate) fn listeners(&self) -> io::Result<u64> {
        let channels = self.ask("PUBSUB SHARDCHANNELS")?;
        let channels: Vec<&str> = channels.lines().filter(|line| line.starts_with("plenum:")).collect();
        let numbers = self.ask(&format!("PUBSUB SHARDNUMSUB {}", channels.join(" ")))?;
        let numbers = numbers.lines().filter_map(|line| line.strip_prefix(':')?.trim().parse::<u64>().ok());
        Ok(numbers.sum())
    }

    /// Asks one thing on a connection of its own. Returns the answer as Redis wrote it.
    fn ask(&self, words: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
        stream.write_all(format!("{words}\r\nQUIT\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    fn answers(&self) -> bool {
        let ask = || -> io::Result<[u8; 5]> {
            let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
            let mut answer = [0; 5];
            stream.write_all(b"PING\r\n")?;
            stream.read_exact(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer == *b"+PONG")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}
