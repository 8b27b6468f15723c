//! One connection's TLS. It owns bytes only while a record is incomplete, in either direction.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::UnbufferedServerConnection;
use rustls::unbuffered::{ConnectionState, EncodeError, UnbufferedStatus};

use super::Line;

/// How much is read at once, in bytes; a record of 16 KiB takes several.
const READ_BYTES: usize = 4 * 1024;
/// The longest record's text, in bytes (RFC 8446 §5.1).
const RECORD_BYTES: usize = 16 * 1024;
/// What a record adds to its text at most, in bytes, with a key update before it.
const RECORD_EXTRA: usize = 128;

/// The TLS of one connection.
pub(crate) struct Session {
    tls: UnbufferedServerConnection,
    /// Records that are not whole yet.
    incoming: Vec<u8>,
    /// Records that the kernel has not taken.
    outgoing: Vec<u8>,
    /// A sender presented this much that stands in `outgoing`, and was not told yet that it is sent.
    owed: usize,
    is_shaking_hands: bool,
    /// The client said that nothing comes from it any more.
    has_ended: bool,
}

impl Session {
    pub(super) fn new(config: Arc<ServerConfig>) -> io::Result<Self> {
        let tls = UnbufferedServerConnection::new(config).map_err(broken)?;
        let (incoming, outgoing) = (Vec::new(), Vec::new());
        Ok(Self { tls, incoming, outgoing, owed: 0, is_shaking_hands: true, has_ended: false })
    }

    pub(super) const fn is_shaking_hands(&self) -> bool {
        self.is_shaking_hands
    }

    /// Goes on with the handshake as far as what came allows.
    ///
    /// # Errors
    /// `WouldBlock` when nothing came; anything else ends the connection.
    pub(super) fn shake_hands(&mut self, stream: &impl Line, take: impl FnMut(&[u8])) -> io::Result<()> {
        match self.fill(stream)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => self.understand(stream, take),
        }
    }

    /// Reads what is there and hands over the text in it. Returns its length; 0 when the connection has ended.
    ///
    /// # Errors
    /// `WouldBlock` when there is no text yet; anything else ends the connection.
    pub(crate) fn read(&mut self, stream: &impl Line, mut take: impl FnMut(&[u8])) -> io::Result<usize> {
        let mut length = 0;
        while length == 0 && !self.has_ended && self.fill(stream)? > 0 {
            self.understand(stream, |text| {
                length += text.len();
                take(text);
            })?;
        }
        Ok(length)
    }

    /// Reads records. Returns how many bytes of them came.
    fn fill(&mut self, stream: &impl Line) -> io::Result<usize> {
        let begin = self.incoming.len();
        self.incoming.resize(begin + READ_BYTES, 0);
        let read = stream.read_some(&mut self.incoming[begin..]);
        self.incoming.truncate(begin + *read.as_ref().unwrap_or(&0));
        self.release();
        read
    }

    fn understand(&mut self, stream: &impl Line, take: impl FnMut(&[u8])) -> io::Result<()> {
        let understood = self.advance(&[], take);
        // What the other side has to hear (also why it is refused) leaves at once; the rest of it with the next write.
        let _ = self.write(stream);
        understood
    }

    /// Sends `text`. As the kernel does it: less than its length means that the rest has to be presented again, first.
    ///
    /// # Errors
    /// `WouldBlock` when the kernel takes nothing.
    pub(crate) fn send(&mut self, stream: &impl Line, text: &[u8]) -> io::Result<usize> {
        self.write(stream)?;
        if self.owed > 0 {
            return Ok(std::mem::take(&mut self.owed).min(text.len()));
        }
        self.advance(text, |_| {})?;
        match self.write(stream) {
            Ok(()) => Ok(text.len()),
            // All of it is encrypted, so it cannot be taken back: it counts as begun.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.owed = text.len().saturating_sub(1);
                Ok(text.len().min(1))
            }
            Err(error) => Err(error),
        }
    }

    /// Says that nothing comes any more.
    pub(crate) fn say_end(&mut self, stream: &impl Line) {
        let status = self.tls.process_tls_records(&mut self.incoming);
        if let Ok(ConnectionState::WriteTraffic(mut traffic)) = status.state {
            let begin = self.outgoing.len();
            self.outgoing.resize(begin + RECORD_EXTRA, 0);
            let length = traffic.queue_close_notify(&mut self.outgoing[begin..]).unwrap_or_default();
            self.outgoing.truncate(begin + length);
        }
        // A client that takes nothing any more learns it from the connection's end.
        let _ = self.write(stream);
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// `WouldBlock` when some of it still does.
    pub(super) fn write(&mut self, stream: &impl Line) -> io::Result<()> {
        while !self.outgoing.is_empty() {
            let sent = stream.write_some(&self.outgoing)?;
            self.outgoing.drain(..sent);
        }
        self.outgoing = Vec::new();
        Ok(())
    }

    /// Whether records wait for the kernel.
    pub(super) fn has_outgoing(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Encrypts `text` behind what waits, once the handshake is done; it leaves with the next write.
    pub(super) fn queue(&mut self, text: &[u8]) -> io::Result<()> {
        self.advance(text, |_| {})
    }

    /// Understands what came, answers what the protocol itself asks for, and encrypts `text`.
    fn advance(&mut self, text: &[u8], mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let mut fault = None;
        loop {
            let UnbufferedStatus { mut discard, state } = self.tls.process_tls_records(&mut self.incoming);
            let mut is_done = false;
            match state {
                Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                    while let Some(record) = traffic.next_record() {
                        let record = record.map_err(broken)?;
                        discard += record.discard;
                        take(record.payload);
                    }
                }
                Ok(ConnectionState::EncodeTlsData(mut data)) => {
                    encode(&mut self.outgoing, |out| data.encode(out))?;
                }
                Ok(ConnectionState::TransmitTlsData(data)) => data.done(),
                Ok(ConnectionState::WriteTraffic(mut traffic)) => {
                    self.is_shaking_hands = false;
                    is_done = true;
                    if !text.is_empty() {
                        let begin = self.outgoing.len();
                        let records = text.len().div_ceil(RECORD_BYTES);
                        self.outgoing.resize(begin + text.len() + records * RECORD_EXTRA, 0);
                        let length = traffic.encrypt(text, &mut self.outgoing[begin..]).map_err(broken)?;
                        self.outgoing.truncate(begin + length);
                    }
                }
                Ok(ConnectionState::BlockedHandshake) => is_done = true,
                Ok(ConnectionState::PeerClosed) => self.has_ended = true,
                Ok(_) => {
                    self.has_ended = true;
                    is_done = true;
                }
                // The first time round, the alert that says why still has to be written.
                Err(error) => match fault.replace(error) {
                    None => {}
                    Some(first) => return Err(broken(first)),
                },
            }
            self.incoming.drain(..discard);
            if is_done {
                self.release();
                return fault.map_or(Ok(()), |fault| Err(broken(fault)));
            }
        }
    }

    /// An idle connection holds no buffer.
    fn release(&mut self) {
        if self.incoming.is_empty() {
            self.incoming = Vec::new();
        }
    }
}

/// Writes a record of the handshake behind what waits.
fn encode(
    outgoing: &mut Vec<u8>,
    mut write: impl FnMut(&mut [u8]) -> Result<usize, EncodeError>,
) -> io::Result<()> {
    let begin = outgoing.len();
    let required = match write(&mut []) {
        Err(EncodeError::InsufficientSize(size)) => size.required_size,
        other => return other.map(drop).map_err(broken),
    };
    outgoing.resize(begin + required, 0);
    let length = write(&mut outgoing[begin..]).map_err(broken)?;
    outgoing.truncate(begin + length);
    Ok(())
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
