//! What must be on a machine before tests and the demo can run, and how it gets there.

use std::path::Path;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::program::{self, Program};
use crate::servers;
use crate::workspace::Workspace;

/// A Debian package, and how we see that what it brings is there already.
struct DebianPackage {
    name: &'static str,
    is_here: fn() -> bool,
}

/// What the tests need besides Rust and Node. A new need is one more line. A server that starts itself when it is
/// installed is not in the way: ours listen elsewhere.
const DEBIAN_PACKAGES: [DebianPackage; 6] = [
    package("chromium", || Path::new("/usr/bin/chromium").exists()),
    package("fonts-dejavu-core", || font("dejavu/DejaVuSans.ttf")),
    package("fonts-noto-core", || font("noto/NotoSansArabic-Regular.ttf")),
    package("fonts-noto-color-emoji", || font("noto/NotoColorEmoji.ttf")),
    package("fonts-noto-cjk", || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc").exists()),
    package("python3-venv", || Program::new("python3", &["-c", "import ensurepip"]).succeeds()),
];

/// The servers that stores, and several hubs, need.
const DEBIAN_PACKAGES_FOR_SERVERS: [DebianPackage; 2] =
    [package("postgresql", servers::postgres_is_here), package("redis-server", servers::redis_is_here)];

/// What benches need besides: tests do without it.
const DEBIAN_PACKAGES_FOR_BENCHES: [DebianPackage; 2] = [
    package("util-linux", || Path::new("/usr/bin/taskset").exists()),
    package("valgrind", || Path::new("/usr/bin/valgrind").exists()),
];

const fn package(name: &'static str, is_here: fn() -> bool) -> DebianPackage {
    DebianPackage { name, is_here }
}

fn font(name: &str) -> bool {
    Path::new("/usr/share/fonts/truetype").join(name).exists()
}

/// The oldest Node that the web client's tools run on.
const NODE_OLDEST: (u32, u32) = (20, 19);

/// Installs the Debian packages that tests need and that are not there.
pub(crate) fn install_packages() -> Result<(), Failure> {
    install(DEBIAN_PACKAGES.iter().chain(&DEBIAN_PACKAGES_FOR_SERVERS))
}

/// Those of them that commands need which start servers.
pub(crate) fn install_packages_for_servers() -> Result<(), Failure> {
    install(DEBIAN_PACKAGES_FOR_SERVERS.iter())
}

/// The same for benches.
pub(crate) fn install_packages_for_benches() -> Result<(), Failure> {
    install(DEBIAN_PACKAGES_FOR_BENCHES.iter())
}

fn install<'a>(packages: impl Iterator<Item = &'a DebianPackage>) -> Result<(), Failure> {
    let absent: Vec<&str> =
        packages.filter(|package| !(package.is_here)()).map(|package| package.name).collect();
    if absent.is_empty() {
        println!("  every package is there");
        return Ok(());
    }
    if !Program::new("apt-get", &["--version"]).succeeds() {
        return Err(Failure::new(format!("please install {} in this system's way", absent.join(", "))));
    }
    as_root(&["apt-get", "update", "-q"]).run()?;
    as_root(&[&["apt-get", "install", "-q", "-y", "--no-install-recommends"], &absent[..]].concat())
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

/// A program with the rights to install something.
fn as_root(words: &[&str]) -> Program {
    if program::we_are_root() { Program::new(words[0], &words[1..]) } else { Program::new("sudo", words) }
}

/// Says which Node is here, or what is wrong with it.
pub(crate) fn check_node() -> Result<String, Failure> {
    let (major, minor) = NODE_OLDEST;
    let wanted = || Failure::new(format!("Node {major}.{minor} or newer is needed (https://nodejs.org)"));
    let version = Program::new("node", &["--version"]).answer().map_err(|_| wanted())?;
    let version = version.trim().trim_start_matches('v');
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < NODE_OLDEST { Err(wanted()) } else { Ok(version.to_owned()) }
}

/// Runs `npm ci` when what is installed is older than the lock file. Says whether it had to.
pub(crate) fn install_npm_packages(workspace: &Workspace) -> Result<bool, Failure> {
    let lock = changed(&workspace.path("clients/package-lock.json"));
    let installed = changed(&workspace.path("clients/node_modules/.package-lock.json"));
    if installed.is_some() && installed >= lock {
        return Ok(false);
    }
    npm(workspace, &["ci", "--no-audit", "--no-fund"]).run()?;
    Ok(true)
}

/// `npm` in the folder of the clients.
pub(crate) fn npm(workspace: &Workspace, words: &[&str]) -> Program {
    Program::new("npm", words).within(&workspace.path("clients")).env("NO_COLOR", "1")
}

/// `cargo` in the root.
pub(crate) fn cargo(workspace: &Workspace, words: &[&str]) -> Program {
    Program::new("cargo", words).within(workspace.root())
}

/// When a file was last changed; nothing when it is not there.
pub(crate) fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|about| about.modified()).ok()
}
