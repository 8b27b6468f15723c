//! What was measured, as JSON and as a table.

use std::io;
use std::path::Path;

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

/// Times, in microseconds up to a minute, to three digits.
#[derive(Clone)]
pub(crate) struct Times(Histogram<u64>);

impl Times {
    pub(crate) fn new() -> Self {
        Self(
            Histogram::new_with_max(60_000_000, 3)
                .expect("a minute in microseconds with three digits is a valid range"),
        )
    }

    pub(crate) fn add(&mut self, time: std::time::Duration) {
        self.0.saturating_record(time.as_micros() as u64);
    }

    /// Adds all of another's.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.add(&other.0).expect("both have the same range");
    }

    /// A percentile, in milliseconds.
    pub(crate) fn ms(&self, percentile: f64) -> f64 {
        (self.0.value_at_percentile(percentile) as f64 / 10.0).round() / 100.0
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    pub(crate) fn json(&self) -> Value {
        json!({"count": self.count(), "p50_ms": self.ms(50.0), "p95_ms": self.ms(95.0), "p99_ms": self.ms(99.0), "max_ms": self.ms(100.0)})
    }
}

/// The result of one scenario: figures in the order in which they were taken, and what was not as it must be.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) values: Map<String, Value>,
    pub(crate) faults: Vec<String>,
}

impl Figures {
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Notes a fault when `is_so` is false.
    pub(crate) fn must(&mut self, what: impl Into<String>, is_so: bool) {
        if !is_so {
            self.faults.push(what.into());
        }
    }

    /// A goal: the figure, its limit, and whether it was reached.
    pub(crate) fn goal(&mut self, name: &str, value: f64, limit: f64) {
        let is_reached = value <= limit;
        self.set(
            name,
            json!({"value": (value * 100.0).round() / 100.0, "goal": limit, "reached": is_reached}),
        );
    }

    /// A goal that is to be reached or passed.
    pub(crate) fn at_least(&mut self, name: &str, value: f64, least: f64) {
        let value = (value * 100.0).round() / 100.0;
        self.set(name, json!({"value": value, "at_least": least, "reached": value >= least}));
    }

    /// A cost in bare loops or the like, which `bench --compare` looks at: its name begins with `ratio_`.
    pub(crate) fn ratio(&mut self, name: &str, value: f64) {
        self.set(name, (value * 10_000.0).round() / 10_000.0);
    }

    /// The figures of several runs as one: of each the middle, of what is not a number the first; and all faults.
    pub(crate) fn middle(runs: Vec<Self>) -> Self {
        let mut all = Self::default();
        for name in runs.first().map(|run| run.values.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        {
            let mut values: Vec<Value> =
                runs.iter().filter_map(|run| run.values.get(&name)).cloned().collect();
            if values.iter().all(|value| number(value).is_some()) {
                values.sort_by(|one, other| {
                    f64::total_cmp(&number(one).unwrap_or_default(), &number(other).unwrap_or_default())
                });
                let middle = values.len() / 2;
                all.values.insert(name, values.swap_remove(middle));
            } else {
                all.values.extend(values.into_iter().next().map(|value| (name, value)));
            }
        }
        all.faults = runs.into_iter().flat_map(|run| run.faults).collect();
        all
    }

    /// Prints them; with a folder, also writes SCENARIO.json and SCENARIO.md there.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub(crate) fn tell(&self, scenario: &str, command: &str, folder: Option<&Path>) -> io::Result<()> {
        let page = self.markdown(scenario, command);
        println!("{page}");
        let Some(folder) = folder else { return Ok(()) };
        std::fs::create_dir_all(folder)?;
        let json = serde_json::to_vec_pretty(&self.json(scenario, command))?;
        std::fs::write(folder.join(format!("{scenario}.json")), json)?;
        std::fs::write(folder.join(format!("{scenario}.md")), page)
    }

    pub(crate) fn json(&self, scenario: &str, command: &str) -> Value {
        json!({
            "scenario": scenario, "command": command, "machine": crate::process::machine(),
            "figures": self.values, "faults": self.faults,
        })
    }

    pub(crate) fn markdown(&self, scenario: &str, command: &str) -> String {
        let mut page = format!(
            "## {scenario}\n\n`{command}`\n\n{}\n\n| figure | value |\n|---|---|\n",
            crate::process::machine()
        );
        for (name, value) in &self.values {
            page.push_str(&format!("| {name} | {} |\n", cell(value)));
        }
        for fault in &self.faults {
            page.push_str(&format!("\n**Fault:** {fault}\n"));
        }
        page
    }
}

/// What a figure says in one number: itself, or its value beside the goal.
pub(crate) fn number(figure: &Value) -> Option<f64> {
    figure.as_f64().or_else(|| figure["value"].as_f64())
}

/// The middle of some numbers, to two digits; 0 when there are none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    (middle * 100.0).round() / 100.0
}

fn cell(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let parts: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name} {}", cell(value))).collect();
            parts.join(", ")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_runs_each_figure_is_its_middle() {
        let run = |ratio: f64, p99: f64, fault: &str| {
            let mut figures = Figures::default();
            figures.ratio("ratio_to_bare_loop", ratio);
            figures.goal("p99_ms", p99, 50.0);
            figures.set("codec", "json");
            figures.must(fault, fault.is_empty());
            figures
        };
        let middle = Figures::middle(vec![run(1.3, 60.0, ""), run(1.1, 40.0, "lost"), run(1.2, 45.0, "")]);
        assert_eq!(middle.values["ratio_to_bare_loop"], 1.2);
        assert_eq!(middle.values["p99_ms"], json!({"value": 45.0, "goal": 50.0, "reached": true}));
        assert_eq!((&middle.values["codec"], middle.faults), (&json!("json"), vec!["lost".to_owned()]));
    }
}
