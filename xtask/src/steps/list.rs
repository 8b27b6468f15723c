//! The steps of `cargo xtask test`, in order.

use super::Step;
use crate::commands::{chaos, r#gen, lint};
use crate::counts::Counts;
use crate::failure::Failure;
use crate::machine::{self, cargo, npm};
use crate::program::Program;
use crate::workspace::Workspace;

/// How often the hub is killed under load in the test command.
const CHAOS_ROUNDS: u32 = 30;

/// Everything that has to pass before a change lands.
pub(crate) const STEPS: [Step; 13] = [
    Step { name: "packages", needs: &[], slow: true, run: packages },
    Step { name: "formatting", needs: &[], slow: false, run: |place| none(lint::formatting(place)) },
    Step { name: "tidy", needs: &[], slow: false, run: |place| none(lint::tidy(place)) },
    Step { name: "npm packages", needs: &["clients/package-lock.json"], slow: false, run: npm_packages },
    Step {
        name: "web check",
        needs: &["clients/web/src"],
        slow: false,
        run: |place| none(npm(place, &["run", "check"]).run()),
    },
    Step {
        name: "web tests",
        needs: &["clients/web/src"],
        slow: false,
        run: |place| count(npm(place, &["test"])),
    },
    Step {
        name: "web build",
        needs: &["clients/web/src"],
        slow: false,
        run: |place| none(npm(place, &["run", "build"]).run()),
    },
    Step { name: "clippy", needs: &[], slow: false, run: |place| none(lint::clippy(place)) },
    Step {
        name: "generated files",
        needs: &[],
        slow: false,
        run: |place| none(r#gen::run_generators(place, true)),
    },
    Step { name: "tests", needs: &[], slow: false, run: rust_tests },
    Step { name: "hub", needs: &["hub/src/main.rs"], slow: false, run: hub },
    Step { name: "journeys in a browser", needs: &["clients/e2e/package.json"], slow: true, run: journeys },
    Step { name: "kills under load", needs: &["loadtest/src/chaos"], slow: true, run: kills },
];

fn packages(_: &Workspace) -> Result<Counts, Failure> {
    none(machine::install_packages())
}

fn npm_packages(place: &Workspace) -> Result<Counts, Failure> {
    machine::check_node()?;
    none(machine::install_npm_packages(place).map(|_| ()))
}

/// nextest when it is installed; cargo's own runner, which does the same more slowly, when it is not.
fn rust_tests(place: &Workspace) -> Result<Counts, Failure> {
    if !r#gen::nextest_is_here(place) {
        return count(cargo(place, &["test", "--workspace", "--no-fail-fast"]));
    }
    let mut counts = count(cargo(place, &["nextest", "run", "--workspace", "--no-fail-fast"]))?;
    let documented = cargo(place, &["test", "--workspace", "--doc", "--no-fail-fast"]).run_and_keep()?;
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

/// A step without a test runner.
fn none(result: Result<(), Failure>) -> Result<Counts, Failure> {
    result.map(|()| Counts::default())
}

/// Runs a test runner and reads its summary. A runner that counts nothing has not tested anything.
fn count(runner: Program) -> Result<Counts, Failure> {
    let ended = runner.run_and_keep()?;
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
