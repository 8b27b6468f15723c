//! A PostgreSQL for one run of the tests.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::program::{self, Program, Running};

/// Where Debian keeps the server's programs, one folder a version.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";
/// The name of the cluster's superuser, who needs no password: nobody else can reach it, and nothing is in it.
const SUPERUSER: &str = "plenum";
/// Tests of several runners at once, with a pool each, in a database each.
const CONNECTIONS: u32 = 200;
/// Ports below those that the system gives to outgoing connections, so that none of these is in the way.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// How long a new cluster may take until it answers.
const START_MAX: Duration = Duration::from_secs(60);
/// How often we ask whether it answers.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// A running server, and the folder of its data. Both go with it.
pub(super) struct Postgres {
    port: u16,
    // Dropped before the folder: the server ends first.
    server: Running,
    data: Folder,
}

/// The folder with `initdb` and `postgres`: the newest of Debian's, or what `PATH` has.
pub(super) fn binaries() -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = std::fs::read_dir(DEBIAN_VERSIONS).into_iter().flatten().flatten();
    let newest = versions.map(|entry| entry.path()).max_by_key(version).map(|folder| folder.join("bin"));
    let of_debian = newest.filter(|folder| folder.join("initdb").exists());
    of_debian.or_else(|| Some(program::find("initdb")?.parent()?.to_owned()))
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub(super) fn start(binaries: &Path) -> Result<Self, Failure> {
        let data = Folder::make()?;
        let path = data.0.to_string_lossy().into_owned();
        let initdb = ["-D", &path, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        unprivileged(&binaries.join("initdb"), &initdb).answer()?;
        let port = free_port()?;
        let settings = [
            format!("port={port}"),
            format!("max_connections={CONNECTIONS}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            // Nothing here has to survive anything.
            "fsync=off".to_owned(),
            "synchronous_commit=off".to_owned(),
            "full_page_writes=off".to_owned(),
        ];
        let words: Vec<&str> = settings.iter().flat_map(|setting| ["-c", setting]).collect();
        let words = [&["-D", &path], words.as_slice()].concat();
        let server = unprivileged(&binaries.join("postgres"), &words).start(&data.log())?;
        let mut started = Self { port, server, data };
        started.wait_until_it_answers(binaries)?;
        println!("  PostgreSQL answers on port {port}");
        Ok(started)
    }

    /// Where it is, as its superuser.
    pub(super) fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_it_answers(&mut self, binaries: &Path) -> Result<(), Failure> {
        let asked = binaries.join("pg_isready").to_string_lossy().into_owned();
        let port = self.port.to_string();
        let deadline = Instant::now() + START_MAX;
        while !Program::new(&asked, &["-q", "-h", "127.0.0.1", "-p", &port]).succeeds() {
            if self.server.has_ended() || Instant::now() > deadline {
                let said = std::fs::read_to_string(self.data.log()).unwrap_or_default();
                return Err(Failure::new(format!("PostgreSQL did not start:\n{said}")));
            }
            std::thread::sleep(ASK_EVERY);
        }
        Ok(())
    }
}

/// A program that is not run as root, which PostgreSQL refuses, and that is interrupted when this process ends.
fn unprivileged(program: &Path, words: &[&str]) -> Program {
    let program = program.to_string_lossy();
    let Some(setpriv) = program::find("setpriv") else { return Program::new(&program, words) };
    let becoming: &[&str] = if program::we_are_root() {
        &["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]
    } else {
        &["--pdeathsig=INT"]
    };
    Program::new(&setpriv.to_string_lossy(), &[becoming, &[&program], words].concat())
}

/// A port that nobody listens on.
fn free_port() -> Result<u16, Failure> {
    let offset = (std::process::id() % u32::from(PORTS.end - PORTS.start)) as u16;
    let mut ports = (PORTS.start + offset..PORTS.end).chain(PORTS.start..PORTS.start + offset);
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| Failure::new("no port of loopback is free"))
}

/// A folder for the server's data, which belongs to whom the server runs as.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, Failure> {
        remove_leftovers();
        let path = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        std::fs::create_dir(&path)
            .map_err(|e| Failure::while_doing(format!("making {}", path.display()), &e))?;
        let folder = Self(path);
        if program::we_are_root() {
            Program::new("chown", &["postgres", &folder.0.to_string_lossy()]).run()?;
        }
        Ok(folder)
    }

    fn log(&self) -> PathBuf {
        self.0.join("plenum-test.log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is removed by the next run.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const FOLDER_PREFIX: &str = "plenum-postgres-";

/// Removes the folders of runs that were ended before they could.
fn remove_leftovers() {
    let runs = Path::new("/proc");
    let entries = std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ended = name.strip_prefix(FOLDER_PREFIX).is_some_and(|pid| !runs.join(pid).exists());
        if ended && runs.exists() {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Folder, PORTS, free_port};

    #[test]
    fn a_free_port_is_free() {
        assert!(PORTS.contains(&free_port().expect("one of ten thousand is free")));
    }

    #[test]
    fn the_folder_goes_with_its_owner() {
        let folder = Folder(std::env::temp_dir().join(format!("plenum-folder-test-{}", std::process::id())));
        let path = folder.0.clone();
        std::fs::create_dir(&path).expect("temporary folders can be written");
        drop(folder);
        assert!(!path.exists());
    }
}
