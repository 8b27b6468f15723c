//! Length-prefixed messages.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The longest message between nodes, in bytes: many missed beats at once are the largest.
const MESSAGE_BYTES_MAX: u32 = 64 << 20;

/// The longest message of someone who is not known yet.
const GREETING_BYTES_MAX: u32 = 4_096;

pub(super) async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    read_upto(MESSAGE_BYTES_MAX, from).await
}

pub(super) async fn read_short(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    read_upto(GREETING_BYTES_MAX, from).await
}

async fn read_upto(bytes_max: u32, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    if length > bytes_max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message of another node is too long"));
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MESSAGE_BYTES_MAX);
    let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "a message to another node is too long");
    to.write_u32(length.ok_or_else(too_long)?).await?;
    to.write_all(bytes).await
}
