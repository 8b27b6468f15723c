//! The connection under an open socket: it reads and writes what can be had at once, and never waits.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::Shutdown;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
}

impl Wire {
    /// Takes over a connection that does not block.
    pub(super) fn new(stream: std::net::TcpStream) -> Self {
        Self { stream: TcpStream::from_std(stream) }
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
        self.stream.read(buffer)
    }

    /// Writes some of `bytes`. Returns how many.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room.
    pub(super) fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        (&self.stream).write(bytes)
    }

    /// Writes some of several pieces with one call. Returns how many bytes.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room.
    pub(super) fn send_pieces(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        (&self.stream).write_vectored(pieces)
    }

    /// Says that nothing more will be written. Returns whether the other side could be told.
    pub(super) fn end_writing(&self) -> bool {
        self.stream.shutdown(Shutdown::Write).is_ok()
    }
}
