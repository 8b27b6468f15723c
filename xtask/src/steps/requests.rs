//! Thousands of requests that are made from the served description, right ones and wrong ones: none may be answered by a
//! server error, or by a status, a media type or a body that the description does not have.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::counts::Counts;
use crate::failure::Failure;
use crate::program::{Program, Running};
use crate::workspace::Workspace;

/// What makes the requests, from PyPI. Another version makes other requests, so it is named.
const TOOL: &str = "schemathesis==4.32.5";
/// The same requests in every run.
const SEED: &str = "1";
/// How long the tool may take with all that it does beside.
const TOOL_MAX: Duration = Duration::from_secs(10 * 60);
/// How long the hub may take to start.
const START_MAX: Duration = Duration::from_secs(60);
/// How often we look whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Runs the tool against a hub of its own.
pub(super) fn run(place: &Workspace) -> Result<Counts, Failure> {
    let tool = installed(place)?;
    let folder = place.target().join("requests");
    // It may not be there yet.
    drop(std::fs::remove_dir_all(&folder));
    make(&folder)?;
    let hub = Hub::start(place, &folder)?;
    let token = hub.token()?;
    let ended = Program::new(
        &tool.display().to_string(),
        &["run", "--phases", "examples,coverage", "--no-shrink", "--warnings", "off"],
    )
    .words(&[
        "--seed".to_owned(),
        SEED.to_owned(),
        "--continue-on-failure".to_owned(),
        "--checks".to_owned(),
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
            .to_owned(),
        "--header".to_owned(),
        format!("Authorization: Bearer {token}"),
        format!("{}/api/v1/openapi.json", hub.url),
    ])
    .within(&folder)
    .env("NO_COLOR", "1")
    .run_and_keep(TOOL_MAX)?;
    let counts = counted(&ended.text).ok_or_else(|| Failure::new("schemathesis made no request"))?;
    Ok(if ended.ok { counts } else { Counts { failed: counts.failed.max(1), ..counts } })
}

/// The tool, in an environment of its own below `target/`.
fn installed(place: &Workspace) -> Result<PathBuf, Failure> {
    let home = place.target().join(TOOL.replace("==", "-"));
    let tool = home.join("bin/schemathesis");
    if !Program::new(&tool.display().to_string(), &["--version"]).succeeds() {
        Program::new("python3", &["-m", "venv", "--clear", &home.display().to_string()]).run()?;
        Program::new(&home.join("bin/pip").display().to_string(), &["install", "--quiet", TOOL]).run()?;
    }
    Ok(tool)
}

fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::while_doing(format!("making {}", folder.display()), &error))
}

/// A hub with a tenant and its owner.
struct Hub {
    program: PathBuf,
    folder: PathBuf,
    url: String,
    _runs: Running,
}

impl Hub {
    fn start(place: &Workspace, folder: &Path) -> Result<Self, Failure> {
        let program = place.target().join("debug/plenum");
        let log = folder.join("hub.log");
        let mut runs = Program::new(&program.display().to_string(), &["serve"])
            .within(folder)
            .env("PLENUM__SERVER__LISTEN", "127.0.0.1:0")
            .env("PLENUM__LIMITS__JOINS_PER_ADDRESS_PER_MIN", "0")
            .start(&log)?;
        let started = Instant::now();
        let url = loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            if let Some(url) = said.lines().find_map(|line| line.strip_prefix("Plenum listens on ")) {
                break url.to_owned();
            }
            if runs.has_ended() || started.elapsed() > START_MAX {
                return Err(Failure::new(format!("the hub did not start; see {}", log.display())));
            }
            std::thread::sleep(LOOK_EVERY);
        };
        Ok(Self { program, folder: folder.to_owned(), url, _runs: runs })
    }

    fn command(&self, words: &[&str]) -> Result<String, Failure> {
        Program::new(&self.program.display().to_string(), words).within(&self.folder).answer()
    }

    /// A token that may do all that the tenant's owner may.
    fn token(&self) -> Result<String, Failure> {
        self.command(&["tenant", "create", "acme", "--name", "Acme"])?;
        let email = "owner@acme.example";
        self.command(&["user", "create", "--tenant", "acme", "--email", email, "--role", "owner"])?;
        let words = ["token", "create", "--tenant", "acme", "--user", email, "--scope", "admin", "--json"];
        let said = self.command(&words)?;
        let token = said.split('"').find(|part| part.starts_with("plm_"));
        token.map(str::to_owned).ok_or_else(|| Failure::new("the hub gave no token"))
    }
}

/// `3184 generated, 3180 passed, 4 found 2 unique failures`
fn counted(text: &str) -> Option<Counts> {
    let line = text.lines().map(str::trim).find(|line| line.contains(" generated, "))?;
    let number = |word: &str| {
        let part = line.split(", ").find(|part| part.contains(word))?;
        part.split(' ').next()?.parse().ok()
    };
    let passed = number("passed").unwrap_or_default();
    Some(Counts { passed, failed: number("found").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::{Counts, counted};

    #[test]
    fn the_tools_own_count_is_read() {
        let text = "Test cases:\n  3184 generated, 3184 passed\n";
        assert_eq!(counted(text), Some(Counts { passed: 3184, failed: 0 }));
        let text = "  900 generated, 1 found 1 unique failures, 899 passed";
        assert_eq!(counted(text), Some(Counts { passed: 899, failed: 1 }));
        assert_eq!(counted("nothing"), None);
    }
}
