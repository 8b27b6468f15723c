//! What must be on a machine before tests and the demo can run, and how it gets there.

use std::path::Path;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// A Debian package, and the path by which we see that it is there already.
struct DebianPackage {
    name: &'static str,
    proof: &'static str,
}

/// What the tests need besides Rust and Node. A new need (a database, say) is one more line.
const DEBIAN_PACKAGES: [DebianPackage; 4] = [
    DebianPackage { name: "chromium", proof: "/usr/bin/chromium" },
    DebianPackage { name: "fonts-dejavu-core", proof: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" },
    DebianPackage {
        name: "fonts-noto-core",
        proof: "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
    },
    DebianPackage {
        name: "fonts-noto-color-emoji",
        proof: "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    },
];

/// The oldest Node that the web client's tools run on.
const NODE_OLDEST: (u32, u32) = (20, 19);

/// Installs the Debian packages that are not there.
pub(crate) fn install_packages() -> Result<(), Failure> {
    let absent: Vec<&str> = DEBIAN_PACKAGES
        .iter()
        .filter(|package| !Path::new(package.proof).exists())
        .map(|package| package.name)
        .collect();
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
    let root = Program::new("id", &["-u"]).answer().is_ok_and(|id| id.trim() == "0");
    if root { Program::new(words[0], &words[1..]) } else { Program::new("sudo", words) }
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
