//! The effective configuration for `plenum check-config`.

use std::fmt::Write as _;
use std::path::Path;

use super::load::{Loaded, Origin};
use super::{Config, LogFormat};

/// One line a key: the value as TOML would have it, and where it came from. Secrets are masked.
pub fn report(loaded: &Loaded) -> String {
    let mut text = String::new();
    let mut section = "";
    for (key, value) in values(&loaded.config) {
        let (of, name) = key.rsplit_once('.').unwrap_or(("", key));
        if of != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = of;
            let _ = writeln!(text, "{gap}[{section}]");
        }
        let _ = writeln!(text, "{name} = {value}  # {}", origin(loaded, key));
    }
    text
}

fn origin(loaded: &Loaded, key: &str) -> String {
    match (&loaded.origins[key], &loaded.file) {
        (Origin::Environment(variable), _) => format!("environment {variable}"),
        (Origin::File, Some(path)) => path.display().to_string(),
        (Origin::File | Origin::Default, _) => "default".to_owned(),
    }
}

/// Every key with its value, in the order of the example file.
pub(super) fn values(config: &Config) -> Vec<(&'static str, String)> {
    let Config { server, node, redis, store, journal, auth, limits, mail, badges, telemetry, web } = config;
    let public_url = server.public_url.as_ref().map_or_else(|| "(from the listener)".to_owned(), quoted);
    let format = if telemetry.format == LogFormat::Json { "json" } else { "text" };
    vec![
        ("server.listen", quoted(server.listen)),
        ("server.public_url", public_url),
        ("server.shards", server.shards.to_string()),
        ("server.request_timeout_ms", server.request_timeout_ms.to_string()),
        ("server.drain_ms", server.drain_ms.to_string()),
        ("server.tls.cert_file", file(server.tls.cert_file.as_deref())),
        ("server.tls.key_file", file(server.tls.key_file.as_deref())),
        ("node.id", quoted(&node.id)),
        ("node.listen", quoted(node.listen)),
        (
            "node.advertise",
            node.advertise.as_ref().map_or_else(|| "(what node.listen is bound to)".into(), quoted),
        ),
        (
            "redis.url",
            redis.url.as_ref().map_or_else(|| "(none: a single node)".into(), |url| quoted(masked(url))),
        ),
        (
            "redis.bus_url",
            redis.bus_url.as_ref().map_or_else(|| "(redis.url)".into(), |url| quoted(masked(url))),
        ),
        ("store.url", quoted(masked(&store.url))),
        ("store.migrate", store.migrate.to_string()),
        ("store.connections", store.connections.to_string()),
        ("store.wait_ms", store.wait_ms.to_string()),
        ("journal.path", quoted(journal.path.display())),
        ("journal.size_bytes_max", journal.size_bytes_max.to_string()),
        ("auth.secret_file", quoted(auth.secret_file.display())),
        ("auth.operator_file", quoted(auth.operator_file.display())),
        ("auth.access_ttl_s", auth.access_ttl_s.to_string()),
        ("auth.refresh_ttl_s", auth.refresh_ttl_s.to_string()),
        ("auth.password_checks", auth.password_checks.to_string()),
        ("auth.failures_before_delay", auth.failures_before_delay.to_string()),
        ("auth.private_providers", auth.private_providers.to_string()),
        ("limits.joins_per_address_per_min", limits.joins_per_address_per_min.to_string()),
        ("limits.sockets_per_participant", limits.sockets_per_participant.to_string()),
        ("limits.commands_per_s", limits.commands_per_s.to_string()),
        ("limits.sockets_per_address", limits.sockets_per_address.to_string()),
        ("mail.url", mail.url.as_ref().map_or_else(|| "(mail.folder)".to_owned(), |url| quoted(masked(url)))),
        ("mail.folder", quoted(mail.folder.display())),
        ("mail.from", quoted(&mail.from)),
        ("badges.fonts_folder", quoted(badges.fonts_folder.display())),
        ("telemetry.log", quoted(&telemetry.log)),
        ("telemetry.format", quoted(format)),
        ("telemetry.metrics", telemetry.metrics.to_string()),
        (
            "telemetry.otlp_endpoint",
            telemetry.otlp_endpoint.as_ref().map_or_else(|| "(none: nothing is traced)".into(), quoted),
        ),
        ("telemetry.trace_one_in", telemetry.trace_one_in.to_string()),
        ("web.allowed_origins", format!("{:?}", web.allowed_origins)),
    ]
}

fn file(path: Option<&Path>) -> String {
    path.map_or_else(|| "(none)".to_owned(), |path| quoted(path.display()))
}

fn quoted(value: impl std::fmt::Display) -> String {
    format!("{:?}", value.to_string())
}

/// An address without its password.
fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, host)) => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None => url.to_owned(),
    }
}
