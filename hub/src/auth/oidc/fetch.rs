//! Requests to sign-in providers: short, small, and never into the hub's own network unless operators allow it. Who
//! runs a tenant names the address, so the address is not trusted.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::OidcError;

/// How long one request may take.
const WAIT: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const BYTES_MAX: u64 = 512 * 1_024;

/// Asks providers.
#[derive(Clone, Debug)]
pub(super) struct Fetch(Agent);

/// Finds addresses, and leaves out those that are not the internet's.
#[derive(Debug)]
struct Outside {
    everywhere: bool,
    names: DefaultResolver,
}

impl Fetch {
    /// `everywhere`: also at private addresses and without TLS.
    pub(super) fn new(everywhere: bool) -> Self {
        let config = Agent::config_builder()
            .https_only(!everywhere)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(WAIT))
            .build();
        let names = Outside { everywhere, names: DefaultResolver::default() };
        Self(Agent::with_parts(config, DefaultConnector::default(), names))
    }

    /// Reads a document.
    pub(super) async fn read<T: DeserializeOwned + Send + 'static>(
        &self,
        url: &str,
        bearer: Option<&str>,
    ) -> Result<T, OidcError> {
        let mut request = self.0.get(url).header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        aside(move || json(request.call()?)).await
    }

    /// Sends a form; `basic` is what follows `Basic ` in the header.
    pub(super) async fn send<T: DeserializeOwned + Send + 'static>(
        &self,
        url: &str,
        form: Vec<(&'static str, String)>,
        basic: Option<String>,
    ) -> Result<T, OidcError> {
        let mut request = self.0.post(url).header("accept", "application/json");
        if let Some(basic) = basic {
            request = request.header("authorization", format!("Basic {basic}"));
        }
        aside(move || json(request.send_form(form)?)).await
    }
}

fn json<T: DeserializeOwned>(answer: ureq::http::Response<ureq::Body>) -> Result<T, Error> {
    let text = answer.into_body().into_with_config().limit(BYTES_MAX).read_to_vec()?;
    serde_json::from_slice(&text).map_err(|error| Error::Other(error.into()))
}

/// Away from the threads that serve others.
async fn aside<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, OidcError> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.expect("asking does not panic").map_err(|error| OidcError::Unreachable(error.to_string()))
}

impl Resolver for Outside {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        found
            .iter()
            .filter(|address| self.everywhere || is_outside(address.ip()))
            .for_each(|address| allowed.push(*address));
        if allowed.is_empty() { Err(Error::HostNotFound) } else { Ok(allowed) }
    }
}

/// Whether an address is one of the internet, by the special-purpose registries of IANA (RFC 6890).
fn is_outside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let inside = ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared;
            !(inside || first == 0 || first >= 224)
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped().or_else(|| translated(ip)) {
            Some(ip) => is_outside(IpAddr::V4(ip)),
            None => !(ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() || is_local(ip)),
        },
    }
}

/// Unique local (`fc00::/7`) and link-local (`fe80::/10`) addresses.
fn is_local(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
}

/// The address of IPv4 that a translator reaches by `64:ff9b::/96` (RFC 6052).
fn translated(ip: Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let [prefix @ .., high, low] = ip.segments();
    let [(a, b), (c, d)] = [high, low].map(|pair| (pair.to_be_bytes()[0], pair.to_be_bytes()[1]));
    (prefix == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| std::net::Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_asked() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
        ];
        for ip in inside {
            assert!(!is_outside(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["9.9.9.9", "100.63.0.1", "2620:fe::fe", "64:ff9b::909:909"] {
            assert!(is_outside(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn nothing_inside_is_asked_and_nothing_without_tls() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for url in ["http://127.0.0.1:1/x", "https://127.0.0.1:1/x", "https://localhost:1/x"] {
            let asked: Result<serde_json::Value, _> = runtime.block_on(Fetch::new(false).read(url, None));
            let said = asked.unwrap_err().to_string();
            assert!(said.contains("host not found") || said.contains("https"), "{url}: {said}");
        }
    }
}
