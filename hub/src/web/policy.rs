//! What pages of ours may do: the content security policy and its companions.

use axum::extract::{Request, State};
use axum::http::header::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::app::App;

/// Headers that every answer has, made once.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    content: HeaderValue,
    transport: Option<HeaderValue>,
}

impl Policy {
    /// The policy for the client that is in the program; `public_url` says whether browsers come by https.
    pub(crate) fn new(public_url: &str) -> Self {
        let index = super::index().unwrap_or_default();
        let scripts = inline_scripts(&String::from_utf8_lossy(&index))
            .iter()
            .map(|script| source_of(script))
            .collect::<String>();
        let content = format!(
            "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; \
             manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
        );
        let content =
            HeaderValue::from_str(&content).expect("the policy is ASCII without control characters");
        let year = HeaderValue::from_static("max-age=31536000");
        Self { content, transport: public_url.starts_with("https://").then_some(year) }
    }
}

/// Adds the headers to every answer.
pub(crate) async fn protect(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert("content-security-policy", app.policy.content.clone());
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("referrer-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    let devices = HeaderValue::from_static("camera=(self), microphone=(), geolocation=()");
    headers.insert("permissions-policy", devices);
    headers.extend(
        app.policy.transport.clone().map(|year| (axum::http::header::STRICT_TRANSPORT_SECURITY, year)),
    );
    response
}

/// The texts of scripts that stand in the page itself.
fn inline_scripts(page: &str) -> Vec<&str> {
    let scripts = page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    });
    scripts.collect()
}

fn source_of(script: &str) -> String {
    format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_in_the_page_are_hashed() {
        let page = r#"<script src="a.js"></script><script>alert(1)</script><script type="module">x</script>"#;
        assert_eq!(inline_scripts(page), ["alert(1)", "x"]);
    }

    /// The digest is the example of the Content Security Policy specification's section 8.5.
    #[test]
    fn a_source_is_the_base64_of_the_digest() {
        let expected = " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(source_of("alert('Hello, world.');"), expected);
    }
}
