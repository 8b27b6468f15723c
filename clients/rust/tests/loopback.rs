//! The client on tokio against a small hub on loopback that loses its sockets.

mod outbox;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use plenum_client::{Client, Codec, LinkState, Options, RoomUpdate, StopReason, TokenError};
use plenum_protocol::{
    CommandLimits, HelloOk, Incoming, Joined, Limits, PushHead, encode, parse_frame, write_hello_ok,
    write_join_ok, write_ok, write_push,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

const ROOM: &str = "poll:1";
const PATIENCE: Duration = Duration::from_secs(10);

/// A hub with one room, whose facts are votes.
#[derive(Default)]
struct SmallHub {
    codec: Codec,
    /// The seq that each key got.
    seqs: BTreeMap<u128, u64>,
    /// Drop the socket instead of answering this many votes, after they count.
    votes_to_swallow: usize,
}

impl SmallHub {
    async fn serve(mut self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            self.serve_one(stream).await;
        }
    }

    async fn serve_secured(mut self, listener: TcpListener, tls: TlsAcceptor) {
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not believe the certificate goes away.
            if let Ok(stream) = tls.accept(stream).await {
                self.serve_one(stream).await;
            }
        }
    }

    async fn serve_one<S: AsyncRead + AsyncWrite + Unpin>(&mut self, stream: S) {
        let offered = self.codec.subprotocol();
        // tungstenite's own callback type.
        #[expect(clippy::result_large_err, reason = "the refusal's type is the library's")]
        let choose = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
            assert_eq!(request.headers()[SEC_WEBSOCKET_PROTOCOL], offered);
            response
                .headers_mut()
                .insert(SEC_WEBSOCKET_PROTOCOL, request.headers()[SEC_WEBSOCKET_PROTOCOL].clone());
            Ok(response)
        };
        let mut socket = accept_hdr_async(stream, choose).await.expect("the client shakes hands well");
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() || message.is_binary() {
                let Some(frames) = self.answer(&message.into_data()) else { return };
                send(&mut socket, self.codec, frames).await;
            }
        }
    }

    /// What the hub says to a frame; `None` when it drops the line.
    fn answer(&mut self, frame: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut frames = Vec::new();
        for command in parse_frame(self.codec, frame, &Limits::CLIENT) {
            let command = command.expect("the client writes good frames");
            let mut out = Vec::new();
            match &*command.op {
                "hello" => write_hello_ok(self.codec, &mut out, command.id, &hello_ok()),
                "join" => self.join(&command, &mut out),
                "poll.vote" => {
                    let pushed = self.vote(&command)?;
                    let ok = encode(self.codec, &json!({"seq": self.seqs.len()})).expect("it encodes");
                    write_ok(self.codec, &mut out, command.id, Some(&ok));
                    frames.push(pushed);
                }
                _ => write_ok(self.codec, &mut out, command.id, None),
            }
            frames.push(out);
        }
        Some(frames)
    }

    fn join(&self, command: &Incoming<'_>, out: &mut Vec<u8>) {
        let now = self.seqs.len() as u64;
        let missed: Vec<Vec<u8>> = match &command.since {
            Some(since) => (since.seq + 1..=now).map(|seq| self.push(seq)).collect(),
            None => Vec::new(),
        };
        let missed: Vec<&[u8]> = missed.iter().map(Vec::as_slice).collect();
        let state = encode(self.codec, &json!({"votes": now})).expect("it encodes");
        let joined = if command.since.is_some() { Joined::Pushes(&missed) } else { Joined::State(&state) };
        write_join_ok(self.codec, out, command.id, ROOM, "1", now, joined);
    }

    fn vote(&mut self, command: &Incoming<'_>) -> Option<Vec<u8>> {
        let key = command.key.expect("a vote has a key");
        let next = self.seqs.len() as u64 + 1;
        let seq = *self.seqs.entry(key).or_insert(next);
        if self.votes_to_swallow > 0 {
            self.votes_to_swallow -= 1;
            return None;
        }
        Some(self.push(seq))
    }

    fn push(&self, seq: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let head =
            PushHead { room: ROOM, prev: Some(seq - 1), seq: Some(seq), ev: "poll.results", at_ms: None };
        let data = encode(self.codec, &json!({"votes": seq})).expect("it encodes");
        write_push(self.codec, &mut out, &head, &data);
        out
    }
}

async fn send<S>(socket: &mut WebSocketStream<S>, codec: Codec, frames: Vec<Vec<u8>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for frame in frames {
        let message = match codec {
            Codec::Json => Message::text(String::from_utf8(frame).expect("JSON is UTF-8")),
            Codec::MsgPack => Message::binary(frame),
        };
        // A client that has gone away is no fault of the hub.
        let _ = socket.send(message).await;
    }
}

fn hello_ok() -> HelloOk<'static> {
    HelloOk {
        participant: "P".into(),
        conference: None,
        roles: vec!["attendee".into()],
        server_ms: 5_000_000_000_000,
        ping_s: 25,
        session: "S".into(),
        token_ends_ms: 5_000_000_900_000,
        max_frame_bytes: 65_536,
        limits: CommandLimits { commands_per_s: 0, commands_burst: 0 },
        herd_ms: 20,
    }
}

async fn client_of(hub: SmallHub) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let options =
        Options { codec: hub.codec, ..Options::new(format!("ws://{address}/api/v1/networking/connect")) };
    tokio::spawn(hub.serve(listener));
    Client::connect(options, |_fresh| async { Ok("T".to_owned()) })
}

/// The room's votes after the next update.
async fn next_votes(stream: &mut plenum_client::RoomStream) -> u64 {
    let update = tokio::time::timeout(PATIENCE, stream.next()).await.expect("an update comes in time");
    let (RoomUpdate::State { state: data, .. } | RoomUpdate::Push { data, .. }) =
        update.expect("the stream goes on")
    else {
        panic!("the room is refused")
    };
    data.decode::<Value>().expect("it decodes")["votes"].as_u64().expect("votes are counted")
}

#[tokio::test]
async fn votes_count_once_and_updates_miss_nothing_over_lost_lines() {
    for codec in Codec::ALL {
        let client = client_of(SmallHub { codec, votes_to_swallow: 2, ..SmallHub::default() }).await;
        let mut poll = client.join(ROOM).await.expect("the client is open");
        assert_eq!(next_votes(&mut poll).await, 0);
        for vote in 1..=3_u64 {
            let data = json!({"options": ["a"]});
            let answer = client.command(ROOM, "poll.vote", &data);
            let answer =
                tokio::time::timeout(PATIENCE, answer).await.expect("an answer in time").expect("it counts");
            assert_eq!(answer.decode::<Value>().expect("it decodes"), json!({"seq": vote}));
            assert_eq!(next_votes(&mut poll).await, vote);
        }
        assert!((client.server_now_ms() - 5_000_000_000_000).abs() < 60_000, "the hub's clock");
        client.close().await;
        assert!(poll.next().await.is_none());
    }
}

/// A certificate for `localhost` in PEM, and a hub's side of it.
fn certificate() -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate is made");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key that was just made");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the usual versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("they belong together");
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn wss_is_believed_when_its_certificate_is() {
    let (pem, tls) = certificate();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let hub = SmallHub::default();
    let usual = Options {
        codec: hub.codec,
        comeback_max_ms: 50,
        ..Options::new(format!("wss://localhost:{port}/api/v1/networking/connect"))
    };
    tokio::spawn(hub.serve_secured(listener, tls));
    let stranger = Client::connect(usual.clone(), |_fresh| async { Ok("T".to_owned()) });
    let trusting = Options { trusted_pem: Some(pem), ..usual };
    let client = Client::connect(trusting, |_fresh| async { Ok("T".to_owned()) });
    let mut poll = client.join(ROOM).await.expect("the client is open");
    assert_eq!(next_votes(&mut poll).await, 0);
    let refused = stranger.signal(ROOM, "poll.vote", &json!({})).await.expect_err("no line");
    assert_eq!(refused.code, "client.offline");
}

#[tokio::test]
async fn a_client_that_is_signed_out_stops_and_leaves_nobody_waiting() {
    let options = Options::new("ws://127.0.0.1:9/");
    let client = Client::connect(options, |_fresh| async { Err(TokenError::SignedOut) });
    let mut state = client.state();
    let stopped = state.wait_for(|state| matches!(state, LinkState::Stopped(_)));
    let stopped = tokio::time::timeout(PATIENCE, stopped).await.expect("it stops in time");
    assert_eq!(*stopped.expect("the client lives"), LinkState::Stopped(StopReason::SignedOut));
    assert_eq!(
        client.signal(ROOM, "poll.vote", &json!({})).await.expect_err("no line").code,
        "client.offline"
    );
}

#[tokio::test]
async fn a_closed_client_refuses_what_waits() {
    let client = Client::connect(Options::new("ws://127.0.0.1:9/"), |_fresh| std::future::pending());
    let waiting = client.clone();
    let vote = json!({"options": ["a"]});
    let (outcome, ()) = tokio::join!(waiting.command(ROOM, "poll.vote", &vote), client.close());
    assert_eq!(outcome.expect_err("it is refused").code, "client.closed");
}
