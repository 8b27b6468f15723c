//! What was measured, as JSON and as a table.

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
