//! A client in raw bytes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::hub::DEADLINE;

pub(crate) const MASK: [u8; 4] = [1, 2, 3, 4];

/// Longer than any beat.
const SILENCE: Duration = Duration::from_millis(400);

/// What the hub sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Message(Value),
    Pong(Vec<u8>),
    Ping,
    Close(u16, String),
    /// The connection ended without a close frame.
    End,
}

/// What a client speaks through.
pub(crate) trait Line: Read + Write {
    /// A read that takes longer fails.
    fn wait_at_most(&self, time: Duration);
}

impl Line for TcpStream {
    fn wait_at_most(&self, time: Duration) {
        self.set_read_timeout(Some(time)).unwrap();
    }
}

pub(crate) struct Socket<L = TcpStream> {
    pub(crate) stream: L,
    rest: Vec<u8>,
    is_msgpack: bool,
    next_id: u64,
    /// Every message that came, as JSON text.
    pub(crate) log: Vec<String>,
}

/// A client's frame.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        short @ 0..=125 => out.push(0x80 | short as u8),
        long @ 126..=0xFFFF => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(long as u16).to_be_bytes());
        }
        long => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

impl<L: Line> Socket<L> {
    /// The same over a connection that is there.
    pub(crate) fn over(mut stream: L, subprotocol: &str) -> Self {
        stream.wait_at_most(DEADLINE);
        let request = format!(
            "GET /api/v1/networking/connect HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {subprotocol}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut socket = Self {
            stream,
            rest: Vec::new(),
            is_msgpack: subprotocol.ends_with("msgpack"),
            next_id: 1,
            log: Vec::new(),
        };
        let head = socket.until_blank_line();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains(&format!("Sec-WebSocket-Protocol: {subprotocol}\r\n")), "{head}");
        socket
    }

    fn until_blank_line(&mut self) -> String {
        loop {
            if let Some(end) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                let rest = self.rest.split_off(end + 4);
                return String::from_utf8(std::mem::replace(&mut self.rest, rest)).unwrap();
            }
            assert!(self.read_more(), "the connection ended inside the head");
        }
    }

    fn read_more(&mut self) -> bool {
        let mut buffer = [0; 4_096];
        let length = self.stream.read(&mut buffer).unwrap_or(0);
        self.rest.extend_from_slice(&buffer[..length]);
        length > 0
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let bytes = match self.is_msgpack {
            true => frame(0x82, &rmp_serde::to_vec_named(message).unwrap()),
            false => frame(0x81, message.to_string().as_bytes()),
        };
        self.send_raw(&bytes);
    }

    /// Sends a command with the next id, and waits for its reply; pushes before it are passed over.
    pub(crate) fn ask(&mut self, mut command: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        command["id"] = id.into();
        self.send(&command);
        loop {
            match self.hear() {
                Heard::Message(message) if message["re"] == id => return message,
                Heard::Message(_) | Heard::Ping => {}
                other => panic!("no reply to {command}: {other:?}"),
            }
        }
    }

    /// The next push with this event.
    pub(crate) fn push(&mut self, ev: &str) -> Value {
        loop {
            match self.hear() {
                Heard::Message(message) if message["ev"] == ev => return message,
                Heard::Message(_) | Heard::Ping => {}
                other => panic!("no {ev}: {other:?}"),
            }
        }
    }

    /// Passes over everything until the hub closes. Returns the code.
    pub(crate) fn closed(&mut self) -> u16 {
        loop {
            match self.hear() {
                Heard::Close(code, _) => return code,
                Heard::End => panic!("the connection ended without a close frame"),
                _ => {}
            }
        }
    }

    /// Takes everything until the hub says nothing for longer than its longest beat, a quarter of a second.
    pub(crate) fn until_silence(&mut self) {
        self.stream.wait_at_most(SILENCE);
        while self.hear() != Heard::End {}
        self.stream.wait_at_most(DEADLINE);
    }

    /// The next thing that the hub sends.
    pub(crate) fn hear(&mut self) -> Heard {
        loop {
            if let Some(heard) = self.one() {
                if let Heard::Message(message) = &heard {
                    self.log.push(message.to_string());
                }
                return heard;
            }
            if !self.read_more() {
                return Heard::End;
            }
        }
    }

    fn one(&mut self) -> Option<Heard> {
        let (first, second) = (*self.rest.first()?, *self.rest.get(1)?);
        assert_eq!(second & 0x80, 0, "a server does not mask");
        let (length, start) = match second {
            126 => (usize::from(u16::from_be_bytes(self.rest.get(2..4)?.try_into().ok()?)), 4),
            127 => (u64::from_be_bytes(self.rest.get(2..10)?.try_into().ok()?) as usize, 10),
            short => (usize::from(short), 2),
        };
        let payload = self.rest.get(start..start + length)?.to_vec();
        self.rest.drain(..start + length);
        Some(match first {
            0x81 => Heard::Message(serde_json::from_slice(&payload).unwrap()),
            0x82 => Heard::Message(rmp_serde::from_slice(&payload).unwrap()),
            0x89 => Heard::Ping,
            0x8A => Heard::Pong(payload),
            0x88 => {
                let code = u16::from_be_bytes([payload[0], payload[1]]);
                Heard::Close(code, String::from_utf8(payload[2..].to_vec()).unwrap())
            }
            other => panic!("an unknown frame {other:x}"),
        })
    }
}
