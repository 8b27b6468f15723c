//! A connection with TLS as a stream, for ordinary requests.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::session::Session;

/// Text that was encrypted and not sent yet is at most about so long, in bytes.
const WRITE_BYTES: usize = 16 * 1024;

/// Reads and writes the text of a TLS connection.
pub(in crate::socket) struct SecureStream {
    stream: TcpStream,
    session: Box<Session>,
    /// Text that was read and not asked for yet.
    text: Vec<u8>,
    has_said_end: bool,
}

impl SecureStream {
    pub(in crate::socket) fn new(stream: TcpStream, session: Box<Session>) -> Self {
        Self { stream, session, text: Vec::new(), has_said_end: false }
    }

    fn poll_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match self.session.write(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready!(self.stream.poll_write_ready(cx))?;
                }
                done => return Poll::Ready(done),
            }
        }
    }
}

impl AsyncRead for SecureStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, session, text, .. } = &mut *self;
        while text.is_empty() {
            ready!(stream.poll_read_ready(cx))?;
            match session.read(stream, |bytes| text.extend_from_slice(bytes)) {
                Ok(0) => return Poll::Ready(Ok(())),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let length = text.len().min(buf.remaining());
        buf.put_slice(&text[..length]);
        text.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SecureStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.session.has_outgoing() {
            ready!(self.poll_out(cx))?;
        }
        let length = bytes.len().min(WRITE_BYTES);
        self.session.queue(&bytes[..length])?;
        // What the kernel does not take now leaves with the next write or flush.
        match self.poll_out(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(length)),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_out(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, session, has_said_end, .. } = &mut *self;
        if !std::mem::replace(has_said_end, true) {
            session.say_end(stream);
        }
        ready!(self.poll_out(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
