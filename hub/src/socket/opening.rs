//! A connection until its first request is known: the TLS handshake, if there is one, and the request's head.

use std::io;

use tokio::net::TcpStream;

use super::handshake::{self, HEAD_BYTES_MAX, Head, Origins};
use super::tls::{self, Session, TlsKeys};

/// How much of a head is read at once, in bytes.
const READ_BYTES: usize = 1_024;

/// A connection that was accepted.
pub(super) struct Opening {
    pub(super) stream: TcpStream,
    /// None when the listener speaks plain HTTP.
    pub(super) tls: Option<Box<Session>>,
    /// What came so far, as text.
    pub(super) bytes: Vec<u8>,
}

impl Opening {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, tls: None, bytes: Vec::new() }
    }

    /// Shakes hands if there is a certificate, then reads the first request's head. None when the connection ended.
    pub(super) async fn read_head(&mut self, keys: Option<&TlsKeys>, origins: &Origins) -> Option<Head> {
        if let Some(keys) = keys {
            let (session, first) = self.secured(keys).await?;
            (self.tls, self.bytes) = (Some(Box::new(session)), first);
        }
        loop {
            let head = handshake::read_head(&self.bytes, origins);
            if head != Head::Partial || self.bytes.len() > HEAD_BYTES_MAX {
                return Some(head);
            }
            self.stream.readable().await.ok()?;
            match self.read() {
                Ok(0) => return None,
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return None,
                _ => {}
            }
        }
    }

    async fn secured(&self, keys: &TlsKeys) -> Option<(Session, Vec<u8>)> {
        match tls::accept(keys, &self.stream).await {
            Ok(secured) => Some(secured),
            Err(error) => {
                metrics::counter!("plenum_tls_refused_total").increment(1);
                tracing::debug!(%error, "a connection was not secured");
                None
            }
        }
    }

    fn read(&mut self) -> io::Result<usize> {
        match &mut self.tls {
            None => {
                self.bytes.reserve(READ_BYTES);
                self.stream.try_read_buf(&mut self.bytes)
            }
            Some(tls) => tls.read(&self.stream, |text| self.bytes.extend_from_slice(text)),
        }
    }

    /// Says something, such as a last word. What the kernel does not take at once is not waited for.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        let _ = match &mut self.tls {
            None => self.stream.try_write(bytes),
            Some(tls) => tls.send(&self.stream, bytes),
        };
    }
}
