//! The steps of `cargo xtask test`, in order.

use std::time::Duration;

use super::{Run, Step, exports, requests};
use crate::commands::{chaos, r#gen, lint, outage, soak};
use crate::counts::Counts;
use crate::failure::Failure;
use crate::machine::{self, cargo, npm};
use crate::program::Program;
use crate::servers::Servers;
use crate::workspace::Workspace;

/// How often the hub is killed under load in the test command.
const CHAOS_ROUNDS: u32 = 30;

/// How often something happens to one of several hubs in the test command, and how many people act meanwhile.
const TROUBLES: u32 = 20;
const TROUBLED: u32 = 8;
const HUBS: u32 = 3;

/// How long the database is away in the test command, in seconds.
const OUTAGE_S: u32 = 10;

/// How long people come and go in the test command.
const SOAK_MINUTES: u32 = 1;

/// How long a test runner may take. A run that hangs has to end by itself and say where it was.
const RUNNER_MAX: Duration = Duration::from_secs(40 * 60);

/// Everything that has to pass before a change lands. The web client comes before the crates, because the hub embeds it.
pub(crate) const STEPS: [Step; 19] = [
    slow("packages", "Cargo.toml", packages),
    fast("formatting", "rustfmt.toml", |place| none(lint::formatting(place))),
    fast("tidy", "Cargo.toml", |place| none(lint::tidy(place))),
    fast("npm packages", "clients/package-lock.json", npm_packages),
    fast("web check", "clients/web/src", |place| none(npm(place, &["run", "check"]).run())),
    fast("web tests", "clients/web/src", |place| count(npm(place, &["test"]))),
    fast("web build", "clients/web/src", |place| none(npm(place, &["run", "build"]).run())),
    fast("clippy", "clippy.toml", |place| none(lint::clippy(place))),
    fast("generated files", "Cargo.toml", |place| none(r#gen::run_generators(place, true))),
    fast("tests", "Cargo.toml", rust_tests),
    fast("hub", "hub/src/main.rs", hub),
    slow("exports by their schemas", "config/demo-programme.xml", exports::run),
    slow("requests as described", "hub/src/http/openapi.rs", requests::run),
    slow("journeys in a browser", "clients/e2e/journeys", journeys),
    slow("kills under load", "loadtest/src/chaos", kills),
    slow("trouble among several hubs", "loadtest/src/chaos", troubles),
    slow("a rolling restart", "loadtest/src/chaos", rolling),
    slow("a database that goes away", "loadtest/src/outage", outages),
    slow("coming and going", "loadtest/src/soak", soak),
];

/// A step of every run.
const fn fast(name: &'static str, needs: &'static str, run: Run) -> Step {
    Step { name, needs, slow: false, run }
}

/// A step that `--fast` leaves out.
const fn slow(name: &'static str, needs: &'static str, run: Run) -> Step {
    Step { name, needs, slow: true, run }
}

fn packages(_: &Workspace) -> Result<Counts, Failure> {
    none(machine::install_packages())
}

fn npm_packages(place: &Workspace) -> Result<Counts, Failure> {
    machine::check_node()?;
    none(machine::install_npm_packages(place).map(|_| ()))
}

/// nextest when it is installed; cargo's own runner, which does the same more slowly, when it is not.
fn rust_tests(place: &Workspace) -> Result<Counts, Failure> {
    let servers = Servers::start()?;
    let count = |words: &[&str]| count(servers.told_to(cargo(place, words)));
    if !r#gen::nextest_is_here(place) {
        return count(&["test", "--workspace", "--no-fail-fast"]);
    }
    let mut counts = count(&["nextest", "run", "--workspace", "--no-fail-fast"])?;
    let documented =
        cargo(place, &["test", "--workspace", "--doc", "--no-fail-fast"]).run_and_keep(RUNNER_MAX)?;
    counts += judge(documented.ok, Counts::read(&documented.text));
    Ok(counts)
}

fn hub(place: &Workspace) -> Result<Counts, Failure> {
    none(cargo(place, &["build", "-p", "plenum-hub"]).run())
}

fn journeys(place: &Workspace) -> Result<Counts, Failure> {
    count(npm(place, &["run", "e2e"]).env("PLENUM_BIN", place.target().join("debug/plenum")))
}

fn kills(place: &Workspace) -> Result<Counts, Failure> {
    count(chaos::program(place, CHAOS_ROUNDS)?)
}

/// Without a Redis there are no several hubs.
fn troubles(place: &Workspace) -> Result<Counts, Failure> {
    among_several(place, TROUBLES, &[])
}

/// Each of three hubs is told to end once while people act.
fn rolling(place: &Workspace) -> Result<Counts, Failure> {
    among_several(place, HUBS, &["--rolling"])
}

fn among_several(place: &Workspace, rounds: u32, more: &[&str]) -> Result<Counts, Failure> {
    let servers = Servers::start()?;
    if !servers.has_redis() {
        return Ok(Counts::default());
    }
    let many = ["--hubs".to_owned(), HUBS.to_string(), "--people".to_owned(), TROUBLED.to_string()];
    let words: Vec<String> = many.into_iter().chain(more.iter().map(|&word| word.to_owned())).collect();
    count(servers.told_to(chaos::program(place, rounds)?.words(&words)))
}

fn outages(place: &Workspace) -> Result<Counts, Failure> {
    let servers = Servers::start()?;
    count(servers.told_to(outage::program(place)?.words(&["--away-s".to_owned(), OUTAGE_S.to_string()])))
}

fn soak(place: &Workspace) -> Result<Counts, Failure> {
    count(soak::program(place, SOAK_MINUTES)?)
}

/// A step without a test runner.
fn none(result: Result<(), Failure>) -> Result<Counts, Failure> {
    result.map(|()| Counts::default())
}

/// Runs a test runner and reads its summary. A runner that counts nothing has not tested anything.
fn count(runner: Program) -> Result<Counts, Failure> {
    let ended = runner.run_and_keep(RUNNER_MAX)?;
    let counts = Counts::read(&ended.text);
    if ended.ok && counts == Counts::default() {
        return Err(Failure::new("it ended well, but not one test was counted"));
    }
    Ok(judge(ended.ok, counts))
}

/// A runner that failed has at least one failure, whatever it counted.
fn judge(ok: bool, counts: Counts) -> Counts {
    if ok { counts } else { Counts { failed: counts.failed.max(1), ..counts } }
}

#[cfg(test)]
mod tests {
    use super::{Counts, judge};

    #[test]
    fn a_runner_that_broke_before_counting_has_failed() {
        assert_eq!(judge(false, Counts::default()), Counts { passed: 0, failed: 1 });
        assert_eq!(judge(true, Counts { passed: 2, failed: 0 }), Counts { passed: 2, failed: 0 });
    }
}
