//! One WebSocket: a task that opens it, and carries frames both ways until either side is done.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::run::Event;
use super::{Options, trust};
use crate::Codec;

/// Frames that the network has not taken; a socket that is further behind is given up.
const FRAMES_MAX: usize = 1024;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// What a broken line looks like (RFC 6455 §7.1.5), and a close without a number.
const BROKEN: u16 = 1006;
const NO_NUMBER: u16 = 1005;

/// What a socket tells.
#[derive(Debug)]
pub(super) enum SocketEvent {
    Opened,
    Frame(Vec<u8>),
    Closed(u16),
}

/// Holds a socket open; dropping it says goodbye.
#[derive(Debug)]
pub(super) struct SocketHandle(mpsc::Sender<Vec<u8>>);

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Teller {
    generation: u64,
    events: mpsc::Sender<Event>,
}

impl Teller {
    /// A driver that is gone needs no telling: its socket ends when the frames' sender is dropped.
    async fn tell(&self, event: SocketEvent) {
        let _ = self.events.send(Event::Socket { generation: self.generation, event }).await;
    }
}

impl SocketHandle {
    pub(super) fn open(options: &Options, generation: u64, events: mpsc::Sender<Event>) -> Self {
        let (frames, outgoing) = mpsc::channel(FRAMES_MAX);
        tokio::spawn(run(options.clone(), outgoing, Teller { generation, events }));
        Self(frames)
    }

    /// False when the socket is too far behind, or gone.
    pub(super) fn send(&self, frame: Vec<u8>) -> bool {
        self.0.try_send(frame).is_ok()
    }
}

async fn run(options: Options, mut outgoing: mpsc::Receiver<Vec<u8>>, teller: Teller) {
    // Until the socket is open nothing is sent: a closed channel means that the driver has given up.
    let opened = tokio::select! {
        opened = open(&options) => opened,
        None = outgoing.recv() => return,
    };
    match opened {
        Ok(stream) => {
            teller.tell(SocketEvent::Opened).await;
            let number = carry(stream, options.codec, outgoing, &teller).await;
            teller.tell(SocketEvent::Closed(number)).await;
        }
        Err(error) => {
            tracing::debug!(%error, "the socket did not open");
            teller.tell(SocketEvent::Closed(BROKEN)).await;
        }
    }
}

async fn open(options: &Options) -> Result<Stream, tungstenite::Error> {
    let mut request = options.url.as_str().into_client_request()?;
    let subprotocol = HeaderValue::from_static(options.codec.subprotocol());
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
    let connector = match request.uri().scheme_str() {
        Some("wss") => Connector::Rustls(trust::config(options.trusted_pem.as_deref())?),
        _ => Connector::Plain,
    };
    let (stream, _) = connect_async_tls_with_config(request, None, true, Some(connector)).await?;
    Ok(stream)
}

/// Carries frames until the end; the number that it was closed with.
async fn carry(stream: Stream, codec: Codec, mut outgoing: mpsc::Receiver<Vec<u8>>, teller: &Teller) -> u16 {
    let (mut sink, mut source) = stream.split();
    loop {
        tokio::select! {
            frame = outgoing.recv() => match frame.map(|bytes| message(codec, bytes)) {
                Some(message) => {
                    if sink.send(message).await.is_err() {
                        return BROKEN;
                    }
                }
                None => {
                    // The line may be dead: a goodbye that cannot be said is left unsaid.
                    let _ = tokio::time::timeout(GOODBYE, sink.close()).await;
                    return NO_NUMBER;
                }
            },
            message = source.next() => match message {
                Some(Ok(Message::Text(text))) => teller.tell(SocketEvent::Frame(text.as_bytes().to_vec())).await,
                Some(Ok(Message::Binary(bytes))) => teller.tell(SocketEvent::Frame(bytes.to_vec())).await,
                Some(Ok(Message::Close(frame))) => return frame.map_or(NO_NUMBER, |frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return BROKEN,
            },
        }
    }
}

fn message(codec: Codec, bytes: Vec<u8>) -> Message {
    match codec {
        Codec::Json => Message::text(String::from_utf8(bytes).expect("JSON is written as UTF-8")),
        Codec::MsgPack => Message::binary(bytes),
    }
}
