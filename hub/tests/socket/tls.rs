//! TLS on the hub's own listener: the same frames and the same requests, behind a certificate made here.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use plenum_domain::{Id, Timestamp};
use plenum_hub::socket::tls::{TlsError, TlsKeys};
use plenum_rooms::RoomRef;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use tempfile::TempDir;

use crate::hub::{DEADLINE, Hub, SCREEN, unlimited};
use crate::wire::{Heard, Line, Socket};

/// A moment at which the certificates of these tests are valid.
const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);
/// Enough pushes to fill what the kernel keeps on both sides.
const SHOWN: u128 = 3_000;

type Secure = StreamOwned<ClientConnection, TcpStream>;

impl Line for Secure {
    fn wait_at_most(&self, time: Duration) {
        self.sock.set_read_timeout(Some(time)).unwrap();
    }
}

/// Writes a new pair into a folder. Returns the certificate.
fn pair_in(folder: &Path, years: (i32, i32)) -> CertificateDer<'static> {
    let mut wanted = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    wanted.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    wanted.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = wanted.self_signed(&key).unwrap();
    std::fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    certificate.der().clone()
}

fn load(folder: &Path) -> Result<TlsKeys, TlsError> {
    TlsKeys::load(&folder.join("cert.pem"), &folder.join("key.pem"), NOW)
}

struct Secured {
    hub: Hub,
    keys: Arc<TlsKeys>,
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

impl Secured {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = pair_in(folder.path(), (2020, 2080));
        let keys = Arc::new(load(folder.path()).unwrap());
        let hub = Hub::secured(&unlimited(), Arc::clone(&keys));
        hub.open(RoomRef::new("screen", SCREEN), json!({"name": "Foyer", "session": null}));
        Self { hub, keys, folder, certificate }
    }

    fn line(&self, stream: TcpStream) -> Secure {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let name = ServerName::try_from("localhost").unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
    }

    fn connect(&self) -> Secure {
        self.line(TcpStream::connect(self.hub.address).unwrap())
    }

    fn joined(&self, line: Secure, subprotocol: &str, token: &str) -> Socket<Secure> {
        let mut socket = Socket::over(line, subprotocol);
        socket.ask(json!({"op": "hello", "data": {"token": token}}));
        let joined = socket.ask(json!({"op": "join", "room": room()}));
        assert_eq!(joined["ok"]["room"], room(), "{joined}");
        socket
    }
}

fn room() -> String {
    RoomRef::new("screen", SCREEN).to_string()
}

fn show(moderator: &mut Socket<Secure>, n: u128) {
    let data = json!({"session": Id::from_bits(n)});
    let shown =
        moderator.ask(json!({"op": "screen.show", "room": room(), "key": Id::from_bits(n), "data": data}));
    assert_eq!(shown["ok"]["seq"], n as u64, "{shown}");
}

#[test]
fn both_codecs_say_the_same_behind_tls() {
    let secured = Secured::start();
    let mut moderator = secured.joined(secured.connect(), "plenum.v1.json", "1:0:moderator");
    assert_eq!(moderator.stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    let mut screen = secured.joined(secured.connect(), "plenum.v1.msgpack", "1:9:screen");
    for n in 1..=20 {
        show(&mut moderator, n);
    }
    while screen.push("screen.scene")["seq"] != 20 {}
    moderator.send_raw(&crate::wire::frame(0x88, &1000_u16.to_be_bytes()));
    assert_eq!(moderator.closed(), 1000);
    assert_eq!(moderator.hear(), Heard::End, "the end is said as TLS says it");
}

#[test]
fn ordinary_requests_are_served_behind_tls() {
    let secured = Secured::start();
    let mut line = secured.connect();
    for close in ["keep-alive", "close"] {
        let request = format!("GET /long HTTP/1.1\r\nHost: localhost\r\nConnection: {close}\r\n\r\n");
        line.write_all(request.as_bytes()).unwrap();
        let (mut answer, mut buffer) = (Vec::new(), [0; 4_096]);
        while !answer.ends_with(b"the end") {
            let length = line.read(&mut buffer).unwrap();
            assert!(length > 0, "the connection ended inside the answer");
            answer.extend_from_slice(&buffer[..length]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 ") && answer.len() > 300_000);
    }
    assert_eq!(line.read(&mut [0; 16]).unwrap(), 0, "it is closed as TLS closes");
}

#[test]
fn who_speaks_plain_http_is_told() {
    let secured = Secured::start();
    let mut plain = TcpStream::connect(secured.hub.address).unwrap();
    plain.set_read_timeout(Some(DEADLINE)).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = [0; 1_024];
    let length = plain.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.ends_with("use https, wss"), "{answer}");
    let mut rubbish = TcpStream::connect(secured.hub.address).unwrap();
    rubbish.set_read_timeout(Some(DEADLINE)).unwrap();
    rubbish.write_all(&[0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9]).unwrap();
    let mut alert = [0; 16];
    let length = rubbish.read(&mut alert).unwrap();
    assert!(length == 0 || alert[0] == 0x15, "an alert, then the end: {alert:?}");
}

#[test]
fn who_reads_again_in_time_holds_no_hole_behind_tls() {
    let secured = Secured::start();
    let stream = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    stream.set_recv_buffer_size(4_096).unwrap();
    stream.connect(&secured.hub.address.into()).unwrap();
    let mut slow = secured.joined(secured.line(stream.into()), "plenum.v1.json", "1:9:screen");
    let mut moderator = secured.joined(secured.connect(), "plenum.v1.json", "1:0:moderator");
    (1..=SHOWN).for_each(|n| show(&mut moderator, n));
    secured.hub.wait_until("the hub notices", |hub| {
        hub.block_on(hub.shards.health()).shards.iter().any(|one| one.blocked == 1)
    });
    let mut at = 0;
    while at < SHOWN as u64 {
        let Heard::Message(push) = slow.hear() else { panic!("closed at {at}") };
        let (prev, seq) = (push["prev"].as_u64().unwrap(), push["seq"].as_u64().unwrap());
        assert!(prev <= at, "a hole: at {at}, {push}");
        at = at.max(seq);
    }
}

#[test]
fn the_pair_is_read_again_and_a_bad_one_changes_nothing() {
    let mut secured = Secured::start();
    let mut before = secured.joined(secured.connect(), "plenum.v1.json", "1:0:moderator");
    let newer = pair_in(secured.folder.path(), (2021, 2081));
    secured.keys.reload(NOW).unwrap();
    std::fs::write(secured.folder.path().join("key.pem"), "nothing").unwrap();
    assert!(secured.keys.reload(NOW).is_err());
    assert!(secured.connect().write_all(b"x").is_err(), "the old certificate is not shown any more");
    secured.certificate = newer;
    secured.joined(secured.connect(), "plenum.v1.json", "1:9:screen");
    show(&mut before, 1);
}

#[test]
fn a_pair_that_cannot_be_used_is_named_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let fault = || load(at).unwrap_err().to_string();
    assert!(fault().contains("cert.pem: No such file"), "{}", fault());
    pair_in(at, (2020, 2080));
    std::fs::remove_file(at.join("key.pem")).unwrap();
    assert!(fault().contains("key.pem: No such file"), "{}", fault());
    std::fs::write(at.join("key.pem"), "").unwrap();
    assert!(fault().contains("key.pem: there is no private key in PEM in it"), "{}", fault());
    let other = rcgen::KeyPair::generate().unwrap();
    std::fs::write(at.join("key.pem"), other.serialize_pem()).unwrap();
    assert!(fault().contains("this key is not that of the certificate"), "{}", fault());
    pair_in(at, (2020, 2025));
    assert!(fault().contains("cert.pem: the certificate ended at 2025-01-01T00:00:00Z"), "{}", fault());
    pair_in(at, (2030, 2080));
    assert!(fault().contains("is not valid before 2030-01-01T00:00:00Z"), "{}", fault());
    std::fs::write(at.join("cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    assert!(fault().contains("cert.pem: "), "{}", fault());
}
