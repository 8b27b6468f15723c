//! Running the steps of the test command, one after the other, and telling how it went.

mod exports;
mod list;
mod requests;

use std::time::{Duration, Instant};

pub(crate) use list::STEPS;

use crate::counts::Counts;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Whether every listed part has to be in the tree. A part that is not there is a failure then.
const EVERY_PART_IS_NEEDED: bool = true;

/// One step of the test command.
pub(crate) struct Step {
    /// What it does, in two or three words.
    pub(crate) name: &'static str,
    /// The path without which it has nothing to do.
    pub(crate) needs: &'static str,
    /// Left out with `--fast`.
    pub(crate) slow: bool,
    /// Does it; the counts are those of its test runner, if it has one.
    pub(crate) run: Run,
}

type Run = fn(&Workspace) -> Result<Counts, Failure>;

/// How a step went.
enum Outcome {
    Passed(Counts),
    Failed(Counts, String),
    Missing(&'static str),
    LeftOut,
}

/// A step's line in the closing table.
struct Report {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Runs all steps, prints the table and the last line, and fails when a step did.
pub(crate) fn run_all(workspace: &Workspace, fast: bool) -> Result<(), Failure> {
    let mut reports = Vec::new();
    for (at, step) in STEPS.iter().enumerate() {
        println!("\n== {}/{} {}", at + 1, STEPS.len(), step.name);
        let started = Instant::now();
        let outcome = run_one(workspace, step, fast);
        let report = Report { name: step.name, outcome, took: started.elapsed() };
        println!("== {}", line(&report));
        reports.push(report);
    }
    close(&reports)
}

fn run_one(workspace: &Workspace, step: &Step, fast: bool) -> Outcome {
    if fast && step.slow {
        return Outcome::LeftOut;
    }
    if !workspace.has(step.needs) {
        return Outcome::Missing(step.needs);
    }
    match (step.run)(workspace) {
        Ok(counts) if counts.failed == 0 => Outcome::Passed(counts),
        Ok(counts) => Outcome::Failed(counts, format!("{} failed", counts.failed)),
        Err(failure) => Outcome::Failed(Counts { passed: 0, failed: 1 }, failure.to_string()),
    }
}

fn close(reports: &[Report]) -> Result<(), Failure> {
    let mut sum = Counts::default();
    println!();
    for report in reports {
        println!("{}", line(report));
        sum += counted(&report.outcome);
    }
    println!("total {}", seconds(reports.iter().map(|report| report.took).sum()));
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 { Ok(()) } else { Err(Failure::new("the tests failed")) }
}

/// What a step adds to the last line. A part that has to be there and is not counts as one failure.
fn counted(outcome: &Outcome) -> Counts {
    match outcome {
        Outcome::Passed(counts) | Outcome::Failed(counts, _) => *counts,
        Outcome::Missing(_) => Counts { passed: 0, failed: u64::from(EVERY_PART_IS_NEEDED) },
        Outcome::LeftOut => Counts::default(),
    }
}

fn line(report: &Report) -> String {
    let (word, detail) = match &report.outcome {
        Outcome::Passed(Counts { passed: 0, .. }) => ("ok", String::new()),
        Outcome::Passed(counts) => ("ok", format!("{} passed", counts.passed)),
        Outcome::Failed(_, why) => ("FAILED", why.clone()),
        Outcome::Missing(part) => ("MISSING", format!("{part} is not in the tree")),
        Outcome::LeftOut => ("left out", "by --fast".to_owned()),
    };
    format!("{:<26} {word:<9} {:>9}  {detail}", report.name, seconds(report.took)).trim_end().to_owned()
}

/// `4.2 s`, `2 min 05 s`.
pub(crate) fn seconds(took: Duration) -> String {
    if took.as_secs() < 60 {
        return format!("{:.1} s", took.as_secs_f64());
    }
    format!("{} min {:02} s", took.as_secs() / 60, took.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counts, Outcome, Report, close, line, seconds};

    fn report(outcome: Outcome) -> Report {
        Report { name: "clippy", outcome, took: Duration::from_millis(4210) }
    }

    #[test]
    fn times_are_readable() {
        assert_eq!(seconds(Duration::from_millis(4210)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failed_step_says_why() {
        let failed =
            report(Outcome::Failed(Counts { passed: 0, failed: 1 }, "`cargo clippy` failed".to_owned()));
        assert!(line(&failed).contains("FAILED") && line(&failed).ends_with("`cargo clippy` failed"));
        assert!(close(&[failed]).is_err());
    }

    #[test]
    fn passed_steps_close_well() {
        assert!(close(&[report(Outcome::Passed(Counts { passed: 3, failed: 0 }))]).is_ok());
    }
}
