//! What TLS costs: the same people and the same events, once behind `server.tls` and once without.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use plenum_protocol::{Codec, Command, write_command};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsConnector;

use super::Options;
use crate::conn::{self, frame_at, masked};
use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::process;

/// So many connect at the same time.
const ENTERING: usize = 32;
const EVENTS: usize = 40;
/// An event reaches everyone within this.
const EVENT_TIMEOUT: Duration = Duration::from_secs(20);
/// Nothing is said for so long before memory is looked at.
const QUIET: Duration = Duration::from_secs(2);

/// What one of the two ways cost.
struct Cost {
    kb_per_socket: f64,
    cpu_us_per_join: f64,
    cpu_us_per_delivery: f64,
}

/// Measures both ways on a hub that is started again between them.
pub(super) async fn run(hub: &mut Hub, folder: &Path, options: &Options) -> io::Result<Figures> {
    let stage = hub.stage("Secured")?;
    let tokens = hub.join_people(&stage, options.people)?;
    hub.restart_with(&[])?;
    let plain = cost(hub, None, &stage, &tokens).await?;
    let (connector, files) = pair(folder)?;
    hub.restart_with(&[
        ("PLENUM__SERVER__TLS__CERT_FILE", &files.0),
        ("PLENUM__SERVER__TLS__KEY_FILE", &files.1),
    ])?;
    let secured = cost(hub, Some(&connector), &stage, &tokens).await?;
    let mut figures = Figures::default();
    figures.set("people", options.people);
    let round = |value: f64| (value * 100.0).round() / 100.0;
    for (way, cost) in [("plain", &plain), ("tls", &secured)] {
        figures.set(&format!("{way}_kb_per_idle_socket"), round(cost.kb_per_socket));
        figures.set(&format!("{way}_cpu_us_per_join"), round(cost.cpu_us_per_join));
        figures.set(&format!("{way}_cpu_us_per_delivery"), round(cost.cpu_us_per_delivery));
    }
    figures.set(
        "ratio_tls_to_plain_per_delivery",
        round(secured.cpu_us_per_delivery / plain.cpu_us_per_delivery),
    );
    Ok(figures)
}

/// A certificate made here, and who believes it.
fn pair(folder: &Path) -> io::Result<(TlsConnector, (String, String))> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
    let place = |name: &str| folder.join(name).display().to_string();
    let files = (place("cert.pem"), place("key.pem"));
    std::fs::write(&files.0, made.cert.pem())?;
    std::fs::write(&files.1, made.signing_key.serialize_pem())?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec())).map_err(io::Error::other)?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), files))
}

async fn cost(hub: &Hub, tls: Option<&TlsConnector>, stage: &Stage, tokens: &[String]) -> io::Result<Cost> {
    let (rss, cpu) = (process::rss_bytes(hub.pid()), process::cpu_us(hub.pid()));
    let (heard, _) = watch::channel(0_usize);
    let mut moderator = enter(hub.address, 0, tls, hub.token(), &stage.session).await?;
    let (gate, mut entering) = (Arc::new(Semaphore::new(ENTERING)), tokio::task::JoinSet::new());
    for (n, token) in tokens.iter().enumerate() {
        let (gate, tls, token, room) =
            (Arc::clone(&gate), tls.cloned(), token.clone(), stage.session.clone());
        let (address, heard) = (hub.address, heard.clone());
        entering.spawn_local(async move {
            let _turn = gate.acquire().await.map_err(io::Error::other)?;
            let line = enter(address, n, tls.as_ref(), &token, &room).await?;
            tokio::task::spawn_local(listen(line, heard));
            io::Result::Ok(())
        });
    }
    while let Some(entered) = entering.join_next().await {
        entered.map_err(io::Error::other)??;
    }
    tokio::time::sleep(QUIET).await;
    let people = tokens.len() as f64;
    let (grown, joined) =
        (process::rss_bytes(hub.pid()).saturating_sub(rss), process::cpu_us(hub.pid()) - cpu);
    let cpu = process::cpu_us(hub.pid());
    for n in 1..=EVENTS {
        let data =
            json!({"kind": "message", "text": format!("The doors of hall A open in five minutes {n:02}")});
        moderator
            .send("session.show", Some(&stage.session), Some(uuid::Uuid::now_v7().as_u128()), &data)
            .await?;
        moderator.until(|message| message["ok"]["seq"].is_u64()).await?;
        reach(&heard, n * tokens.len()).await?;
    }
    let delivered = process::cpu_us(hub.pid()) - cpu;
    Ok(Cost {
        kb_per_socket: grown as f64 / people / 1_024.0,
        cpu_us_per_join: joined as f64 / people,
        cpu_us_per_delivery: delivered as f64 / (people * EVENTS as f64),
    })
}

async fn reach(heard: &watch::Sender<usize>, wanted: usize) -> io::Result<()> {
    let mut changes = heard.subscribe();
    let reached = changes.wait_for(|heard| *heard >= wanted);
    tokio::time::timeout(EVENT_TIMEOUT, reached)
        .await
        .map_err(io::Error::other)?
        .map_err(io::Error::other)?;
    Ok(())
}

/// Counts events until the connection ends.
async fn listen(mut line: Line, heard: watch::Sender<usize>) -> io::Result<()> {
    loop {
        line.until(is_shown).await?;
        heard.send_modify(|heard| *heard += 1);
    }
}

/// Whether this is the push of the event, wherever its text stands.
fn is_shown(message: &Value) -> bool {
    message["ev"].is_string() && message["data"].to_string().contains("The doors of hall A")
}

trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// One person's connection, in JSON.
struct Line {
    stream: Box<dyn Stream>,
    inbox: Vec<u8>,
    next_id: u64,
}

async fn enter(
    address: SocketAddr,
    n: usize,
    tls: Option<&TlsConnector>,
    token: &str,
    room: &str,
) -> io::Result<Line> {
    let stream: TcpStream = conn::dial(address, conn::source(n)).await?;
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let stream: Box<dyn Stream> = match tls {
        Some(tls) => Box::new(tls.connect(name, stream).await?),
        None => Box::new(stream),
    };
    let mut line = Line { stream, inbox: Vec::new(), next_id: 1 };
    line.stream.write_all(conn::upgrade_request(address, Codec::Json).as_bytes()).await?;
    while line.inbox.windows(4).all(|four| four != b"\r\n\r\n") {
        line.fill().await?;
    }
    let end = line.inbox.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
    line.inbox.drain(..end);
    line.send("hello", None, None, &json!({"token": token, "client": "loadtest/1"})).await?;
    line.send("join", Some(room), None, &json!({})).await?;
    line.until(|message| message["ok"]["room"].is_string()).await?;
    Ok(line)
}

impl Line {
    async fn fill(&mut self) -> io::Result<()> {
        self.inbox.reserve(1_024);
        match self.stream.read_buf(&mut self.inbox).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn send(
        &mut self,
        op: &str,
        room: Option<&str>,
        key: Option<u128>,
        data: &Value,
    ) -> io::Result<()> {
        let data = data.to_string().into_bytes();
        let (mut payload, id) = (Vec::new(), self.next_id);
        self.next_id += 1;
        write_command(
            Codec::Json,
            &mut payload,
            &Command { id, op, room, key, since: None, data: Some(&data) },
        );
        self.stream.write_all(&masked(Codec::Json, &payload)?).await?;
        self.stream.flush().await
    }

    /// Reads until a message is the one that is wanted.
    async fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> io::Result<()> {
        loop {
            while let Some((_, start, end)) = frame_at(&self.inbox) {
                let message: Value = serde_json::from_slice(&self.inbox[start..end]).unwrap_or_default();
                self.inbox.drain(..end);
                if self.inbox.is_empty() {
                    self.inbox = Vec::new();
                }
                if message.as_array().into_iter().flatten().chain([&message]).any(&is_it) {
                    return Ok(());
                }
            }
            self.fill().await?;
        }
    }
}
