//! TLS on the shard's own sockets, when `server.tls` names a certificate. A socket without it does not pass through here.

mod error;
mod keys;
mod session;
mod stream;
mod validity;

use std::io;

use tokio::net::TcpStream;

pub use error::TlsError;
pub use keys::TlsKeys;
pub(super) use session::Session;
pub(super) use stream::SecureStream;

/// What a session reads from and writes to, without waiting.
pub(super) trait Line {
    /// Reads what is there; 0 when the connection has ended.
    ///
    /// # Errors
    /// `WouldBlock` when there is nothing; anything else when the connection is gone.
    fn read_some(&self, into: &mut [u8]) -> io::Result<usize>;

    /// Writes what the kernel takes.
    ///
    /// # Errors
    /// `WouldBlock` when it takes nothing; anything else when the connection is gone.
    fn write_some(&self, bytes: &[u8]) -> io::Result<usize>;
}

impl Line for TcpStream {
    fn read_some(&self, into: &mut [u8]) -> io::Result<usize> {
        self.try_read(into)
    }

    fn write_some(&self, bytes: &[u8]) -> io::Result<usize> {
        self.try_write(bytes)
    }
}

/// The first byte of a client's first record (RFC 8446 §5.1): whoever sends another one speaks no TLS.
const HANDSHAKE_RECORD: u8 = 0x16;
/// What somebody is told who speaks HTTP to a port of TLS.
const SPEAK_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 35\r\nConnection: close\r\n\r\nthis port speaks TLS: use https, wss";

/// Shakes hands. Returns the session, and what the client said behind its handshake already.
///
/// # Errors
/// The client is gone, or speaks no TLS that the hub accepts.
pub(super) async fn accept(keys: &TlsKeys, stream: &TcpStream) -> io::Result<(Session, Vec<u8>)> {
    let mut byte = [0];
    if stream.peek(&mut byte).await? == 1 && byte[0] != HANDSHAKE_RECORD {
        // Nothing else is owed to a client that speaks something else.
        let _ = stream.try_write(SPEAK_TLS);
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the client speaks no TLS"));
    }
    let (mut session, mut first) = (Session::new(keys.current())?, Vec::new());
    while session.is_shaking_hands() {
        stream.readable().await?;
        match session.shake_hands(stream, |bytes| first.extend_from_slice(bytes)) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            _ => write_out(&mut session, stream).await?,
        }
    }
    Ok((session, first))
}

/// Sends what waits, however long the client takes.
async fn write_out(session: &mut Session, stream: &TcpStream) -> io::Result<()> {
    loop {
        match session.write(stream) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            done => return done,
        }
    }
}
