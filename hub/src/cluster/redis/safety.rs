//! Whether a Redis keeps what it says it keeps.

use std::collections::BTreeMap;

use fred::clients::Client;
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, ConfigInterface};

use crate::cluster::lease::Unreachable;

/// A setting of Redis under which acknowledged actions can be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Danger {
    /// The setting, as Redis has it.
    pub setting: &'static str,
    /// Its value.
    pub found: String,
    /// What it should be, and why.
    pub advice: &'static str,
}

impl std::fmt::Display for Danger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redis has {} {}: {}", self.setting, self.found, self.advice)
    }
}

/// Each setting, the value that is safe, and what happens otherwise.
const RULES: [(&str, &str, &str); 3] = [
    ("appendonly", "yes", "set it to yes, or everything acknowledged is lost when it stops"),
    (
        "appendfsync",
        "always",
        "set it to always, or up to two seconds of acknowledged actions are lost when it is killed",
    ),
    (
        "maxmemory-policy",
        "noeviction",
        "set it to noeviction, or it throws journals away when its memory is full",
    ),
];

/// The settings that are not as they must be. A Redis that does not show its settings is not taken for safe.
///
/// # Errors
/// Redis does not answer.
pub async fn dangers(client: &Client) -> Result<Vec<Danger>, Unreachable> {
    client.ping::<String>(None).await.map_err(|error| Unreachable(error.details().to_owned()))?;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (setting, _, _) in RULES {
        let shown: Result<BTreeMap<String, String>, Error> = client.config_get(setting).await;
        match shown {
            Ok(answer) => found.extend(answer),
            Err(error) if is_silence(&error) => return Err(Unreachable(error.details().to_owned())),
            Err(error) => tracing::debug!(setting, %error, "Redis does not show a setting"),
        }
    }
    Ok(judge(&found))
}

/// Whether an error means that there was no answer.
fn is_silence(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout | ErrorKind::IO | ErrorKind::Canceled)
}

fn judge(found: &BTreeMap<String, String>) -> Vec<Danger> {
    let differs = |(setting, safe, advice): (&'static str, &str, &'static str)| {
        let value = found.get(setting).map_or("unknown", String::as_str);
        (value != safe).then(|| Danger { setting, found: value.to_owned(), advice })
    };
    RULES.into_iter().filter_map(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_that_can_lose_something_is_named() {
        let settings = |appendonly: &str, appendfsync: &str, policy: &str| {
            [("appendonly", appendonly), ("appendfsync", appendfsync), ("maxmemory-policy", policy)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        };
        assert_eq!(judge(&settings("yes", "always", "noeviction")), []);
        let all = judge(&settings("no", "everysec", "allkeys-lru"));
        assert_eq!(
            all.iter().map(|danger| danger.setting).collect::<Vec<_>>(),
            RULES.map(|(name, _, _)| name)
        );
        assert_eq!(judge(&BTreeMap::new()).len(), 3, "what cannot be known is not taken for safe");
    }
}
