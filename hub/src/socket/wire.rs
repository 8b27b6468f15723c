//! The connection under an open socket: it reads and writes what can be had at once, and never waits.

use std::cell::RefCell;
use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::Shutdown;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::tls::{Line, Session};

/// One connection, plain or with TLS. The plain one is the system's call, and one look at a field next to the stream's.
pub(super) struct Wire {
    stream: TcpStream,
    tls: Option<Box<RefCell<Session>>>,
}

impl Line for TcpStream {
    fn read_some(&self, into: &mut [u8]) -> io::Result<usize> {
        let mut stream = self;
        stream.read(into)
    }

    fn write_some(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut stream = self;
        stream.write(bytes)
    }
}

impl Wire {
    /// Takes over a connection that does not block.
    pub(super) fn new(stream: std::net::TcpStream, tls: Option<Box<Session>>) -> Self {
        let tls = tls.map(|session| Box::new(RefCell::new(*session)));
        Self { stream: TcpStream::from_std(stream), tls }
    }

    /// Asks to be told, under the number `place`, when there is something to read and when there is room to write.
    pub(super) fn register(&mut self, registry: &Registry, place: usize) -> io::Result<()> {
        registry.register(&mut self.stream, Token(place), Interest::READABLE | Interest::WRITABLE)
    }

    /// Reads into `buffer`. `Ok(0)` is the end.
    ///
    /// # Errors
    /// `WouldBlock` when nothing is there; anything else is the end as well.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &self.tls else { return self.stream.read(buffer) };
        let mut length = 0;
        tls.borrow_mut().read(&self.stream, |text| {
            buffer[length..length + text.len()].copy_from_slice(text);
            length += text.len();
        })
    }

    /// Writes some of `bytes`. Returns how many.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room.
    pub(super) fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.tls {
            None => (&self.stream).write(bytes),
            Some(tls) => tls.borrow_mut().send(&self.stream, bytes),
        }
    }

    /// Writes some of several pieces with one call. Returns how many bytes. With TLS it is the first piece alone: what was
    /// encrypted cannot be dropped any more, as pieces that wait can.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room.
    pub(super) fn send_pieces(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match &self.tls {
            None => (&self.stream).write_vectored(pieces),
            Some(tls) => tls.borrow_mut().send(&self.stream, pieces.first().map_or(&[], |piece| piece)),
        }
    }

    /// Says that nothing more will be written. Returns whether the other side could be told.
    pub(super) fn end_writing(&self) -> bool {
        if let Some(tls) = &self.tls {
            tls.borrow_mut().say_end(&self.stream);
        }
        self.stream.shutdown(Shutdown::Write).is_ok()
    }
}
