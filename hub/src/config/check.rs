//! What types alone do not catch.

use super::Config;
use super::load::ConfigError;

/// A drain that takes longer would not end within the 30 s that operators are promised.
const DRAIN_MS_MAX: u64 = 20_000;

impl Config {
    /// # Errors
    /// The first value that cannot work.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let no = |key, reason: String| Err(ConfigError::BadValue { key, reason });
        if let Some(url) = &self.server.public_url
            && let Some(reason) = origin_fault(url)
        {
            return no("server.public_url", reason);
        }
        if self.server.tls.cert_file.is_some() != self.server.tls.key_file.is_some() {
            return no("server.tls", "cert_file and key_file are set together or not at all".to_owned());
        }
        let scheme = self.store.url.split(':').next().unwrap_or_default();
        if !["sqlite", "postgres", "postgresql"].contains(&scheme) {
            let known = "use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE";
            return no("store.url", format!("{scheme}: is not a database that this program knows; {known}"));
        }
        for (key, url) in [("redis.url", &self.redis.url), ("redis.bus_url", &self.redis.bus_url)] {
            if let Some(url) = url
                && let Err(why) = crate::cluster::redis::settings(url)
            {
                return no(key, why.to_string());
            }
        }
        if let Some((url, reason)) =
            self.web.allowed_origins.iter().find_map(|url| Some((url, origin_fault(url)?)))
        {
            return no("web.allowed_origins", format!("{url}: {reason}"));
        }
        let ranges = [
            ("server.drain_ms", self.server.drain_ms, 0, DRAIN_MS_MAX),
            ("server.request_timeout_ms", self.server.request_timeout_ms, 100, 600_000),
            ("server.shards", self.server.shards.into(), 0, 1_024),
            ("store.connections", self.store.connections.into(), 1, 1_000),
            ("store.wait_ms", self.store.wait_ms, 100, 600_000),
            ("telemetry.trace_one_in", self.telemetry.trace_one_in.into(), 1, u64::from(u32::MAX)),
            ("auth.access_ttl_s", self.auth.access_ttl_s.into(), 5, 86_400),
            ("auth.refresh_ttl_s", self.auth.refresh_ttl_s.into(), 60, 31_536_000),
        ];
        match ranges.into_iter().find(|(_, value, least, most)| value < least || value > most) {
            Some((key, value, least, most)) => no(key, format!("{value} is not between {least} and {most}")),
            None => Ok(()),
        }
    }
}

/// Why a text is no origin (`https://host` with an optional port); none when it is one.
fn origin_fault(url: &str) -> Option<String> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some("begins with neither http:// nor https://".to_owned());
    };
    let host = rest.trim_end_matches('/');
    let fault = host.is_empty() || host.contains(['/', '?', '#', '@', ' ']);
    fault.then(|| "is a scheme and a host, without a path".to_owned())
}
