//! Logs and metrics. No e-mail address, name, token or text of a participant is ever logged.

mod requests;
mod traces;

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::filter::{EnvFilter, ParseError};

use crate::clock::Clock;
use crate::config::{LogFormat, Telemetry};

pub(crate) use requests::watch;
pub use traces::{Began, Followed, Tracer};

/// Edges of the buckets of every `*_seconds` histogram: from a tenth of a millisecond to half a minute.
const SECONDS: [f64; 14] =
    [0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// How often what histograms collected is folded up, in seconds.
const UPKEEP_S: u64 = 5;

/// Telemetry cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("telemetry.log: {0}")]
    Filter(#[from] ParseError),
    /// The collector of traces cannot be reached by this.
    #[error("telemetry.otlp_endpoint: {0}")]
    Collector(String),
    /// Something else in this process collects logs or metrics already.
    #[error("telemetry cannot start: {0}")]
    Taken(String),
}

/// Starts writing the log to stderr.
///
/// # Errors
/// The filter cannot be read, or logs are collected already.
pub fn start_log(settings: &Telemetry) -> Result<(), TelemetryError> {
    let filter = EnvFilter::builder().parse(&settings.log)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| TelemetryError::Taken(error.to_string()))
}

/// Starts following commands, when the settings name a collector.
///
/// # Errors
/// The collector's address is none.
pub fn start_traces(settings: &Telemetry, node: &str, clock: Clock) -> Result<Tracer, TelemetryError> {
    match &settings.otlp_endpoint {
        None => Ok(Tracer::default()),
        Some(endpoint) => {
            Tracer::start(endpoint, settings.trace_one_in, node, clock).map_err(TelemetryError::Collector)
        }
    }
}

/// Starts collecting metrics; what they are is read from the handle.
///
/// # Errors
/// Metrics are collected already.
pub fn start_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let taken = |error: BuildError| TelemetryError::Taken(error.to_string());
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS).map_err(taken)?;
    builder.install_recorder().map_err(taken)
}

/// Folds up what histograms collected, until the process ends.
pub async fn keep_metrics(handle: PrometheusHandle) {
    let mut beat = tokio::time::interval(Duration::from_secs(UPKEEP_S));
    loop {
        beat.tick().await;
        handle.run_upkeep();
    }
}
