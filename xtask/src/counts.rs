//! How many tests a runner says it ran.

use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, timed out or could not be started.
    pub(crate) failed: u64,
}

impl Counts {
    /// Adds up every summary line in what a runner wrote: nextest, `cargo test`, vitest, node and ours. nextest shows
    /// what failed tests wrote, summaries of their own among it, so there only its own line counts.
    pub(crate) fn read(text: &str) -> Self {
        let text = without_colours(text);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let own: Vec<Self> = lines.iter().filter_map(|line| nextest_line(line)).collect();
        let all = || lines.iter().filter_map(|line| summary(line)).collect();
        let counted: Vec<Self> = if own.is_empty() { all() } else { own };
        counted.into_iter().fold(Self::default(), |mut sum, counts| {
            sum += counts;
            sum
        })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The text without the escapes (`ESC [ … m`) that make it colourful.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| plain + piece.split_once('m').map_or(piece, |(_, rest)| rest))
}

/// `Summary [ 1.0s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 3 skipped`
fn nextest_line(line: &str) -> Option<Counts> {
    let (head, numbers) = line.split_once(" run: ")?;
    head.starts_with("Summary [").then(|| pairs(numbers, ','))
}

fn summary(line: &str) -> Option<Counts> {
    if let Some(numbers) = line.strip_prefix("test result: ") {
        let (_, numbers) = numbers.split_once(". ")?;
        return Some(pairs(numbers, ';'));
    }
    if let Some(numbers) = line.strip_prefix("Tests ") {
        return Some(pairs(numbers, '|'));
    }
    node_line(line).or_else(|| our_line(line))
}

/// Pieces such as `5 passed (1 slow)` and `1 timed out`.
fn pairs(numbers: &str, separator: char) -> Counts {
    let mut counts = Counts::default();
    for piece in numbers.split(separator) {
        let mut words = piece.split_whitespace();
        let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        match words.next() {
            Some("passed") => counts.passed += number,
            Some("failed" | "timed" | "exec") => counts.failed += number,
            _ => {}
        }
    }
    counts
}

/// `# pass 5` from node's TAP reporter, `ℹ pass 5` from its other one.
fn node_line(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    let (word, number) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Counts { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Counts { passed: 0, failed: number }),
        _ => None,
    }
}

/// `12 passed, 0 failed`, alone on its line.
fn our_line(line: &str) -> Option<Counts> {
    let (passed, failed) = line.split_once(" passed, ")?;
    Some(Counts { passed: passed.parse().ok()?, failed: failed.strip_suffix(" failed")?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn every_runner_is_understood() {
        let cases = [
            (
                "     Summary [   1.034s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 3 skipped",
                5,
                2,
            ),
            ("     Summary [   1.034s] 4/9 tests run: 3 passed, 1 failed", 3, 1),
            (
                "test result: FAILED. 0 passed; 1 failed;\n Summary [ 1s] 3 tests run: 2 passed, 1 failed",
                2,
                1,
            ),
            ("test result: FAILED. 6 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out", 6, 2),
            ("      Tests  1 failed | 11 passed (12)", 11, 1),
            ("      Tests  12 passed (12)", 12, 0),
            ("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m3 passed\u{1b}[39m\u{1b}[22m (3)", 3, 0),
            ("# pass 4\n# fail 1", 4, 1),
            ("ℹ pass 4\nℹ fail 0", 4, 0),
            ("30 passed, 2 failed", 30, 2),
            (" Test Files  3 passed (3)", 0, 0),
            ("nothing of that kind", 0, 0),
        ];
        for (text, passed, failed) in cases {
            assert_eq!(Counts::read(text), Counts { passed, failed }, "{text}");
        }
    }
}
