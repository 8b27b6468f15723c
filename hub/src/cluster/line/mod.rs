//! A connection between two nodes: they prove to each other that they share the installation's secret, then exchange
//! length-prefixed messages until one of them is silent for too long.

mod frames;
mod greeting;

use std::io;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWriteExt as _, BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) use greeting::{Key, answer, greet};

use super::wire;

/// Who has nothing to say says so this often.
const ALIVE_EVERY: Duration = Duration::from_millis(500);
/// Who says nothing for so long is gone.
const GONE_AFTER: Duration = Duration::from_secs(2);

/// A message that only says that one is there.
pub(crate) trait Alive {
    /// It.
    const ALIVE: Self;
}

impl Alive for wire::Up {
    const ALIVE: Self = Self::Alive;
}

impl Alive for wire::Down {
    const ALIVE: Self = Self::Alive;
}

/// Exchanges messages until the connection ends; says why it did. It also ends when nobody has anything to send any
/// more: when the other end of `say` is dropped.
pub(crate) async fn talk<I: DeserializeOwned, O: Serialize + Alive>(
    stream: TcpStream,
    mut say: mpsc::Receiver<O>,
    mut hear: impl FnMut(I),
) -> io::Error {
    let (reading, writing) = stream.into_split();
    let (mut reading, mut writing) = (BufReader::new(reading), BufWriter::new(writing));
    let listen = async {
        loop {
            let bytes = match timeout(GONE_AFTER, frames::read(&mut reading)).await {
                Ok(Ok(bytes)) => bytes,
                Ok(Err(error)) => return error,
                Err(_) => return io::Error::new(io::ErrorKind::TimedOut, "the other node is silent"),
            };
            match wire::read(&bytes) {
                Ok(message) => hear(message),
                Err(error) => return io::Error::new(io::ErrorKind::InvalidData, error),
            }
        }
    };
    let speak = async {
        loop {
            let message = match timeout(ALIVE_EVERY, say.recv()).await {
                Ok(Some(message)) => message,
                Ok(None) => return io::Error::new(io::ErrorKind::NotConnected, "nobody needs it any more"),
                Err(_) => O::ALIVE,
            };
            if let Err(error) = send_all(&mut writing, &mut say, message).await {
                return error;
            }
        }
    };
    tokio::select! {
        error = listen => error,
        error = speak => error,
    }
}

/// Sends a message and all others that wait, in one go.
async fn send_all<O: Serialize>(
    writing: &mut (impl tokio::io::AsyncWrite + Unpin),
    say: &mut mpsc::Receiver<O>,
    first: O,
) -> io::Result<()> {
    frames::write(writing, &wire::write(&first)).await?;
    while let Ok(message) = say.try_recv() {
        frames::write(writing, &wire::write(&message)).await?;
    }
    timeout(GONE_AFTER, writing.flush()).await?
}

#[cfg(test)]
mod tests;
