//! What fuzzing feeds: the two readers that bytes from nowhere reach first, and what must hold whatever they are.

use super::frames::{FrameReader, Message};
use super::handshake::{self, Head, Origins};

/// A message over this many bytes is refused here.
const LIMIT_BYTES: usize = 4_096;

/// Reads `bytes` as the head of a request.
///
/// # Panics
/// When a socket's head would be longer than what was read: that is a bug.
pub fn head(bytes: &[u8]) {
    if let Head::Socket { size, response, .. } = handshake::read_head(bytes, &Origins::default()) {
        assert!(size <= bytes.len(), "the head ends within what was read");
        assert!(response.starts_with(b"HTTP/1.1 101 "), "a socket is agreed on");
    }
}

/// Reads `bytes` as frames, whole and in pieces of `piece` bytes.
///
/// # Panics
/// When the pieces say something else than the whole, or a message is over its limit: that is a bug.
pub fn frames(bytes: &[u8], piece: usize) {
    let whole = read(bytes, bytes.len());
    assert_eq!(read(bytes, piece), whole, "messages are the same however the bytes arrive");
}

/// The messages, and whether the reader was content with all bytes. What was too large is left out: how much of it is
/// there to be shown depends on how it came.
fn read(bytes: &[u8], piece: usize) -> (Vec<String>, bool) {
    let (mut reader, mut messages) = (FrameReader::default(), Vec::new());
    let mut wants_more = true;
    for part in bytes.chunks(piece.max(1)) {
        let fed = reader.feed(&mut part.to_vec(), LIMIT_BYTES, |message| {
            if let Message::Text(text) | Message::Binary(text) = &message {
                assert!(text.len() <= LIMIT_BYTES, "a message is within its limit");
            }
            if !matches!(message, Message::TooLarge(_)) {
                messages.push(format!("{message:?}"));
            }
            wants_more = !matches!(message, Message::Close(_));
            wants_more
        });
        if fed.is_err() {
            return (messages, false);
        }
        if !wants_more {
            break;
        }
    }
    (messages, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn arbitrary_frames(bytes: Vec<u8>, piece in 1_usize..40) {
            frames(&bytes, piece);
        }

        /// Bytes that look like frames: far more of them are read to their end.
        #[test]
        fn frames_that_are_nearly_right(
            parts in proptest::collection::vec((0_u8..16, proptest::bool::ANY, proptest::collection::vec(0_u8..=255, 0..200)), 0..8),
            piece in 1_usize..60,
        ) {
            let mut bytes = Vec::new();
            for (opcode, fin, payload) in parts {
                bytes.push(if fin { 0x80 | opcode } else { opcode });
                if payload.len() < 126 {
                    bytes.push(0x80 | payload.len() as u8);
                } else {
                    bytes.extend_from_slice(&[0xFE, 0, payload.len() as u8]);
                }
                bytes.extend_from_slice(&[9, 8, 7, 6]);
                bytes.extend_from_slice(&payload);
            }
            frames(&bytes, piece);
        }

        #[test]
        fn heads_that_are_nearly_right(mut bytes in proptest::collection::vec(0_u8..=255, 0..40), at in 0_usize..150) {
            let good = b"GET /api/v1/networking/connect HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
            let mut request = good.to_vec();
            request.splice(at..at, bytes.drain(..));
            head(&request);
        }
    }
}
