//! `plenum serve`: runs until SIGTERM or SIGINT, then drains.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::Failure;
use crate::app::{self, App};
use crate::config::Config;
use crate::telemetry;

/// Runs a hub.
pub(super) async fn serve(config: Config) -> Result<(), Failure> {
    let app = start(config).await?;
    println!("Plenum listens on {}", app.public_url());
    until_stopped(&app).await
}

/// Starts everything and opens the doors.
pub(super) async fn start(config: Config) -> Result<App, Failure> {
    telemetry::start_log(&config.telemetry)?;
    let metrics = if config.telemetry.metrics { Some(telemetry::start_metrics()?) } else { None };
    if let Some(metrics) = &metrics {
        tokio::spawn(telemetry::keep_metrics(metrics.clone()));
    }
    let (app, bound) = app::start(config, metrics).await?.listen()?;
    tracing::info!(%bound, node = %app.config.node.id, rooms = app.shards.rooms(), "listening");
    Ok(app)
}

/// Waits for a signal to end (SIGHUP reads the certificate again), then moves everyone away, keeps everything and ends.
pub(super) async fn until_stopped(app: &App) -> Result<(), Failure> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hangup = signal(SignalKind::hangup())?;
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = int.recv() => break,
            _ = hangup.recv() => app.reload_tls(),
        }
    }
    let sockets = app.shards.health().await.sockets();
    tracing::info!(sockets, "draining");
    app.shards.close_doors();
    if let Some(among) = &app.among {
        among.node.hand_over().await;
    }
    let over_ms = if sockets == 0 { 0 } else { app.config.server.drain_ms };
    app.shards.drain(Duration::from_millis(over_ms)).await;
    app.projection.finish().await;
    app.store.close().await;
    app.shards.finish_traces().await;
    tracing::info!("everything is kept; the end");
    Ok(())
}
