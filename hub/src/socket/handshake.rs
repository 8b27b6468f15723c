//! The opening handshake (RFC 6455 §4.2): which requests become sockets, and what the others are told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plenum_protocol::Codec;
use sha1::{Digest, Sha1};

/// The path of the one socket for everything.
const PATH: &str = "/api/v1/networking/connect";
/// What a key is joined with before it is hashed (RFC 6455 §1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// A request's head is no longer, in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 8 * 1024;
const HEADERS_MAX: usize = 64;

/// What a request's head turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// It is not whole yet.
    Partial,
    /// An ordinary request: the REST side serves it.
    Http,
    /// A socket: answer with `response`, then frames follow.
    Socket {
        /// The codec that was agreed on.
        codec: Codec,
        /// The answer.
        response: Vec<u8>,
        /// Bytes of the head; what stands behind them are frames already.
        size: usize,
    },
    /// It cannot become a socket: answer with this and close.
    Refused(Vec<u8>),
}

/// Which pages may open sockets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// Origins beside the hub's own, such as `https://app.example.org`; `*` allows all.
    pub(crate) allowed: Vec<String>,
}

impl Origins {
    /// A request without an origin comes from no browser. A page of the hub itself has the request's own host.
    fn allow(&self, origin: Option<&str>, host: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        let is_own = authority.is_some() && authority == host;
        is_own || self.allowed.iter().any(|allowed| allowed == "*" || allowed == origin)
    }
}

/// Looks at the first bytes of a connection.
pub(crate) fn read_head(bytes: &[u8], origins: &Origins) -> Head {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let size = match request.parse(bytes) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) if bytes.len() < HEAD_BYTES_MAX => return Head::Partial,
        Ok(httparse::Status::Partial) => {
            return refused(431, "HEADERS_TOO_LARGE", "the request's head is over 8 KiB");
        }
        // The REST side words what is wrong with a request that is none.
        Err(_) => return Head::Http,
    };
    let path = request.path.unwrap_or_default();
    if path.split('?').next() != Some(PATH) {
        return Head::Http;
    }
    upgrade(&request, size, origins)
}

fn upgrade(request: &httparse::Request<'_, '_>, size: usize, origins: &Origins) -> Head {
    let is_upgrade =
        has_token(request, "upgrade", "websocket") && has_token(request, "connection", "upgrade");
    if !is_upgrade || request.method != Some("GET") {
        return refused(426, "UPGRADE_REQUIRED", "this is a WebSocket: send GET with Upgrade: websocket");
    }
    if header(request, "sec-websocket-version") != Some("13") {
        return refused(426, "UPGRADE_REQUIRED", "Sec-WebSocket-Version must be 13");
    }
    let Some(key) = header(request, "sec-websocket-key").filter(|key| is_key(key)) else {
        return refused(400, "BAD_REQUEST", "Sec-WebSocket-Key must be 16 bytes in base64");
    };
    if !origins.allow(header(request, "origin"), header(request, "host")) {
        return refused(
            403,
            "ORIGIN_FORBIDDEN",
            "pages of this origin may not connect; server.origins lists those that may",
        );
    }
    let offered: Vec<&str> = offered(request).collect();
    let agreed = offered.iter().find_map(|name| Some((*name, Codec::from_subprotocol(name)?)));
    if agreed.is_none() && !offered.is_empty() {
        return refused(400, "BAD_SUBPROTOCOL", "the subprotocols are plenum.v1.json and plenum.v1.msgpack");
    }
    let response = accepted(key, agreed.map(|(name, _)| name));
    Head::Socket { codec: agreed.map_or(Codec::Json, |(_, codec)| codec), response, size }
}

fn header<'a>(request: &'a httparse::Request<'_, '_>, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(found.value).ok().map(str::trim)
}

fn has_token(request: &httparse::Request<'_, '_>, name: &str, token: &str) -> bool {
    let tokens = header(request, name).into_iter().flat_map(|value| value.split(','));
    tokens.map(str::trim).any(|one| one.eq_ignore_ascii_case(token))
}

/// Subprotocols may stand in one header or in several.
fn offered<'a>(request: &'a httparse::Request<'_, '_>) -> impl Iterator<Item = &'a str> {
    let headers =
        request.headers.iter().filter(|one| one.name.eq_ignore_ascii_case("sec-websocket-protocol"));
    let values = headers.filter_map(|one| std::str::from_utf8(one.value).ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty())
}

fn is_key(key: &str) -> bool {
    STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}

fn accepted(key: &str, subprotocol: Option<&str>) -> Vec<u8> {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    let accept = STANDARD.encode(digest);
    let agreed = subprotocol.map_or(String::new(), |name| format!("Sec-WebSocket-Protocol: {name}\r\n"));
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{agreed}\r\n"
    )
    .into_bytes()
}

/// A refusal in the envelope of REST, for a connection that ends with it.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Vec<u8> {
    let reason = match status {
        400 => "Bad Request",
        403 => "Forbidden",
        408 => "Request Timeout",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    };
    let body = serde_json::json!({
        "success": false,
        "error": {"code": code, "message": message, "details": {}},
        "meta": {},
    })
    .to_string();
    let length = body.len();
    let extra = match status {
        426 => "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
        429 | 503 => "Retry-After: 10\r\n",
        _ => "",
    };
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{extra}Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

fn refused(status: u16, code: &str, message: &str) -> Head {
    Head::Refused(refusal(status, code, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "GET /api/v1/networking/connect HTTP/1.1\r\nHost: hub.example\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    fn head(request: &str) -> Head {
        read_head(format!("{request}\r\n").as_bytes(), &Origins::default())
    }

    fn status(head: Head) -> String {
        let Head::Refused(answer) = head else { panic!("{head:?}") };
        String::from_utf8(answer).unwrap().split(' ').nth(1).unwrap().to_owned()
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        let Head::Socket { codec, response, size } = head(GOOD) else { panic!() };
        assert_eq!(codec, Codec::Json);
        assert_eq!(size, GOOD.len() + 2);
        assert!(
            String::from_utf8(response)
                .unwrap()
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
        );
    }

    #[test]
    fn the_first_known_subprotocol_is_agreed_on() {
        let offer = format!(
            "{GOOD}Sec-WebSocket-Protocol: chat, plenum.v1.msgpack\r\nSec-WebSocket-Protocol: plenum.v1.json\r\n"
        );
        let Head::Socket { codec, response, .. } = head(&offer) else { panic!() };
        assert_eq!(codec, Codec::MsgPack);
        assert!(
            String::from_utf8(response).unwrap().contains("Sec-WebSocket-Protocol: plenum.v1.msgpack\r\n")
        );
        assert_eq!(status(head(&format!("{GOOD}Sec-WebSocket-Protocol: chat\r\n"))), "400");
    }

    #[test]
    fn what_cannot_be_a_socket_is_told_why() {
        assert_eq!(status(head(&GOOD.replace("Version: 13", "Version: 8"))), "426");
        assert_eq!(status(head(&GOOD.replace("Upgrade: websocket\r\n", ""))), "426");
        assert_eq!(status(head(&GOOD.replace("GET", "POST"))), "426");
        assert_eq!(status(head(&GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"))), "400");
        let long = format!("{GOOD}X-Long: {}", "a".repeat(HEAD_BYTES_MAX));
        assert_eq!(status(read_head(long.as_bytes(), &Origins::default())), "431");
    }

    #[test]
    fn only_pages_of_the_hub_and_of_listed_origins_connect() {
        let from = |origin: &str| format!("{GOOD}Origin: {origin}\r\n");
        assert!(matches!(head(&from("https://hub.example")), Head::Socket { .. }));
        assert_eq!(status(head(&from("https://evil.example"))), "403");
        assert_eq!(status(head(&from("null"))), "403");
        let listed = Origins { allowed: vec!["https://app.example".to_owned()] };
        let request = format!("{}\r\n", from("https://app.example"));
        assert!(matches!(read_head(request.as_bytes(), &listed), Head::Socket { .. }));
    }

    #[test]
    fn other_requests_are_not_looked_into() {
        assert_eq!(head("GET /livez HTTP/1.1\r\nHost: x\r\n"), Head::Http);
        assert_eq!(read_head(b"GET /api", &Origins::default()), Head::Partial);
        assert_eq!(read_head(b"\x16\x03\x01\x02", &Origins::default()), Head::Http);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = read_head(&bytes, &Origins::default());
        }
    }
}
