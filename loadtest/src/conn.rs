//! One socket of a crowd, at low cost: our own frames, one buffer, messages read where they lie.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use plenum_protocol::{Codec, Command, Limits, ServerMessage, parse_server_frame, write_command};
use socket2::{Domain, Socket, Type};
use tokio::net::TcpStream;

/// A client must mask (RFC 6455 §5.1); the mask need not be secret on loopback.
const MASK: [u8; 4] = [0x5A, 0xC3, 0x17, 0x88];
/// One source address of loopback has about so many ports.
const PORTS_PER_SOURCE: usize = 20_000;

/// A connected socket.
pub(crate) struct Conn {
    stream: TcpStream,
    codec: Codec,
    inbox: Vec<u8>,
    next_id: u64,
}

/// The source address of the nth socket: the system's choice for the first ones, then 127.0.0.2, 127.0.0.3, … so that more
/// sockets fit than one address has ports. (To bind costs a search for a port that nobody used lately; to let the
/// system choose at the connect does not.)
pub(crate) fn source(n: usize) -> Option<Ipv4Addr> {
    let beyond = u8::try_from(n / PORTS_PER_SOURCE).unwrap_or(u8::MAX - 1);
    (beyond > 0).then(|| Ipv4Addr::new(127, 0, 0, beyond + 1))
}

/// A plain connection from a source address.
pub(crate) async fn dial(address: SocketAddr, from: Option<Ipv4Addr>) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    if let Some(from) = from {
        socket.bind(&SocketAddr::new(IpAddr::V4(from), 0).into())?;
    }
    let stream = tokio::net::TcpSocket::from_std_stream(socket.into()).connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// What asks for a socket that speaks `codec`.
pub(crate) fn upgrade_request(address: SocketAddr, codec: Codec) -> String {
    format!(
        "GET /api/v1/networking/connect HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: cGxlbnVtIGxvYWQgdGVzdA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {}\r\n\r\n",
        codec.subprotocol()
    )
}

/// A client's frame around a payload.
pub(crate) fn masked(codec: Codec, payload: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(payload.len() + 14);
    out.push(if codec == Codec::Json { 0x81 } else { 0x82 });
    match payload.len() {
        short @ 0..=125 => out.push(0x80 | short as u8),
        long => {
            out.push(0x80 | 126);
            out.extend_from_slice(&u16::try_from(long).map_err(io::Error::other)?.to_be_bytes());
        }
    }
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    Ok(out)
}

/// The answer to a ping without a payload (RFC 6455 §5.5.3).
const PONG: [u8; 6] = [0x8A, 0x80, MASK[0], MASK[1], MASK[2], MASK[3]];

impl Conn {
    /// Connects and agrees on the codec.
    pub(crate) async fn open(address: SocketAddr, from: Option<Ipv4Addr>, codec: Codec) -> io::Result<Self> {
        let stream = dial(address, from).await?;
        let mut conn = Self { stream, codec, inbox: Vec::new(), next_id: 1 };
        let request = upgrade_request(address, codec);
        conn.write(request.as_bytes()).await?;
        conn.handshake().await?;
        Ok(conn)
    }

    /// The bare connection, and what came already.
    pub(crate) fn into_parts(self) -> io::Result<(std::net::TcpStream, Codec, Vec<u8>)> {
        Ok((self.stream.into_std()?, self.codec, self.inbox))
    }

    async fn handshake(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.inbox.windows(4).position(|four| four == b"\r\n\r\n") {
                let is_accepted = self.inbox.starts_with(b"HTTP/1.1 101 ");
                let refusal = String::from_utf8_lossy(&self.inbox).into_owned();
                self.inbox.drain(..end + 4);
                return if is_accepted { Ok(()) } else { Err(io::Error::other(refusal)) };
            }
            self.fill().await?;
        }
    }

    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for bytes and takes them.
    async fn fill(&mut self) -> io::Result<()> {
        loop {
            self.stream.readable().await?;
            self.inbox.reserve(2_048);
            match self.stream.try_read_buf(&mut self.inbox) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends a command; its data is JSON here and the socket's codec on the wire. Returns the command's id.
    pub(crate) async fn send(
        &mut self,
        op: &str,
        room: Option<&str>,
        key: Option<u128>,
        data: &serde_json::Value,
    ) -> io::Result<u64> {
        let id = self.next_id;
        self.next_id += 1;
        let data = plenum_protocol::encode(self.codec, data).map_err(io::Error::other)?;
        let mut payload = Vec::with_capacity(data.len() + 128);
        let command = Command { id, op, room, key, since: None, data: Some(&data) };
        write_command(self.codec, &mut payload, &command);
        self.send_payload(&payload).await?;
        Ok(id)
    }

    /// Adds a command to `out` as a frame, with data in the socket's codec. Returns the command's id.
    pub(crate) fn frame(
        &mut self,
        out: &mut Vec<u8>,
        op: &str,
        room: &str,
        key: u128,
        data: &[u8],
    ) -> io::Result<u64> {
        let id = self.next_id;
        self.next_id += 1;
        let mut payload = Vec::with_capacity(data.len() + 128);
        let command = Command { id, op, room: Some(room), key: Some(key), since: None, data: Some(data) };
        write_command(self.codec, &mut payload, &command);
        out.extend_from_slice(&masked(self.codec, &payload)?);
        Ok(id)
    }

    /// Sends frames that are made.
    pub(crate) async fn send_frames(&mut self, frames: &[u8]) -> io::Result<()> {
        self.write(frames).await
    }

    /// Data in the socket's codec.
    pub(crate) fn encoded(&self, data: &serde_json::Value) -> io::Result<Vec<u8>> {
        plenum_protocol::encode(self.codec, data).map_err(io::Error::other)
    }

    /// Joins a room. Returns the command's id.
    pub(crate) async fn join(&mut self, room: &str) -> io::Result<u64> {
        self.send("join", Some(room), None, &serde_json::json!({})).await
    }

    async fn send_payload(&mut self, payload: &[u8]) -> io::Result<()> {
        let out = masked(self.codec, payload)?;
        self.write(&out).await
    }

    /// Waits until something came, then hands over every message that is whole.
    pub(crate) async fn hear(&mut self, mut take: impl FnMut(Codec, ServerMessage<'_>)) -> io::Result<()> {
        self.fill().await?;
        let (mut used, mut pinged) = (0, false);
        while let Some((first, start, end)) = frame_at(&self.inbox[used..]) {
            let payload = &self.inbox[used + start..used + end];
            match first & 0x0F {
                0x1 | 0x2 => {
                    for message in parse_server_frame(self.codec, payload, &Limits::SERVER) {
                        take(self.codec, message.map_err(io::Error::other)?);
                    }
                }
                0x8 => {
                    let code = payload.get(..2).map_or(0, |code| u16::from_be_bytes([code[0], code[1]]));
                    return Err(io::Error::other(format!("closed with {code}")));
                }
                0x9 => pinged = true,
                _ => {}
            }
            used += end;
        }
        self.inbox.drain(..used);
        if pinged {
            // Who is silent for long is pinged, and cut when nothing comes back.
            self.write(&PONG).await?;
        }
        if self.inbox.is_empty() {
            self.inbox = Vec::new();
        }
        Ok(())
    }

    /// Waits for the reply to a command; everything else goes to `take`. An `ok` is returned as JSON.
    pub(crate) async fn answer(
        &mut self,
        id: u64,
        mut take: impl FnMut(Codec, &ServerMessage<'_>),
    ) -> io::Result<serde_json::Value> {
        let mut answer = None;
        while answer.is_none() {
            self.hear(|codec, message| match &message {
                ServerMessage::Ok { re, ok } if *re == id => answer = Some(Ok(read(codec, ok))),
                ServerMessage::Err { re: Some(re), code, message, .. } if *re == id => {
                    answer = Some(Err(io::Error::other(format!("{code}: {message}"))));
                }
                _ => take(codec, &message),
            })
            .await?;
        }
        answer.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
    }

    /// Says hello.
    pub(crate) async fn hello(&mut self, token: &str) -> io::Result<serde_json::Value> {
        let id = self
            .send("hello", None, None, &serde_json::json!({"token": token, "client": "loadtest/1"}))
            .await?;
        self.answer(id, |_, _| {}).await
    }
}

/// Data of a message as JSON.
pub(crate) fn read(codec: Codec, bytes: &[u8]) -> serde_json::Value {
    match codec {
        Codec::Json => serde_json::from_slice(bytes).unwrap_or_default(),
        Codec::MsgPack => rmp_serde::from_slice(bytes).unwrap_or_default(),
    }
}

/// The first byte, the payload's start and the frame's end, when the frame is whole.
pub(crate) fn frame_at(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (length, start) = match second {
        126 => (usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4),
        127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize, 10),
        short => (usize::from(short), 2),
    };
    (bytes.len() >= start + length).then_some((first, start, start + length))
}
