//! Client frames: masked, possibly in fragments, possibly hostile.

use plenum_protocol::CloseCode;

use super::Opcode;

/// What a client said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    /// A whole text message, UTF-8 checked.
    Text(&'a [u8]),
    /// A whole binary message.
    Binary(&'a [u8]),
    /// A ping with its payload, to be sent back.
    Ping(&'a [u8]),
    /// A pong.
    Pong,
    /// The client's goodbye, with its code when it gave one.
    Close(Option<u16>),
    /// A data message over the limit was begun; its first bytes, to find out which command it was. Nothing of it is kept,
    /// and the connection is closed after this.
    TooLarge(&'a [u8]),
}

/// How many bytes of a message that is too large are looked at for the id of its command.
const SALVAGED_BYTES: usize = 512;

struct Header {
    fin: bool,
    opcode: Opcode,
    mask: [u8; 4],
    length: usize,
    /// Bytes of the header itself.
    size: usize,
}

/// Reads frames out of a stream of bytes. Between messages it owns nothing.
#[derive(Default)]
pub(crate) struct FrameReader {
    /// Bytes of a frame that is not whole yet.
    pending: Vec<u8>,
    /// Payload of the fragments so far, and what they are.
    fragments: Option<(Opcode, Vec<u8>)>,
}

/// Where reading one frame ended.
enum Step {
    /// More bytes are needed.
    More,
    /// A frame of this many bytes was handled.
    Took(usize),
}

impl FrameReader {
    /// Hands each message in `bytes` to `take`, which says whether to go on. `bytes` is unmasked in place.
    ///
    /// # Errors
    /// The close code that RFC 6455 wants for what is wrong.
    pub(crate) fn feed(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        mut take: impl FnMut(Message<'_>) -> bool,
    ) -> Result<(), CloseCode> {
        if self.pending.is_empty() {
            let used = self.consume(bytes, limit, &mut take)?;
            self.pending.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(bytes);
        let used = self.consume(&mut pending, limit, &mut take)?;
        if used < pending.len() {
            pending.drain(..used);
            self.pending = pending;
        }
        Ok(())
    }

    /// Handles every whole frame. Returns how many bytes they were.
    fn consume(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        take: &mut impl FnMut(Message<'_>) -> bool,
    ) -> Result<usize, CloseCode> {
        let mut used = 0;
        loop {
            match self.one(&mut bytes[used..], limit, take)? {
                Step::More => return Ok(used),
                Step::Took(0) => return Ok(bytes.len()),
                Step::Took(size) => used += size,
            }
        }
    }

    /// Handles the frame at the start of `bytes`. `Took(0)` means that `take` wants no more.
    fn one(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        take: &mut impl FnMut(Message<'_>) -> bool,
    ) -> Result<Step, CloseCode> {
        let Some(header) = header(bytes)? else { return Ok(Step::More) };
        let held = self.fragments.as_ref().map_or(0, |(_, held)| held.len());
        if !header.opcode.is_control() && header.length.saturating_add(held) > limit {
            let start = self.first_bytes(bytes, &header);
            take(Message::TooLarge(&start));
            return Err(CloseCode::TooLarge);
        }
        let size = header.size + header.length;
        if bytes.len() < size {
            return Ok(Step::More);
        }
        let payload = &mut bytes[header.size..size];
        unmask(payload, header.mask);
        let go_on = self.message(&header, payload, take)?;
        Ok(if go_on { Step::Took(size) } else { Step::Took(0) })
    }

    /// The first bytes of a message that is too large.
    fn first_bytes(&self, bytes: &[u8], header: &Header) -> Vec<u8> {
        if let Some((_, held)) = &self.fragments {
            return held[..held.len().min(SALVAGED_BYTES)].to_vec();
        }
        let end = bytes.len().min(header.size + header.length.min(SALVAGED_BYTES));
        let mut start = bytes[header.size.min(end)..end].to_vec();
        unmask(&mut start, header.mask);
        start
    }

    fn message(
        &mut self,
        header: &Header,
        payload: &[u8],
        take: &mut impl FnMut(Message<'_>) -> bool,
    ) -> Result<bool, CloseCode> {
        match (header.opcode, self.fragments.take()) {
            (Opcode::Ping, fragments) => {
                self.fragments = fragments;
                Ok(take(Message::Ping(payload)))
            }
            (Opcode::Pong, fragments) => {
                self.fragments = fragments;
                Ok(take(Message::Pong))
            }
            (Opcode::Close, _) => {
                take(Message::Close(close_code(payload)?));
                Ok(false)
            }
            (Opcode::Continuation, None) => Err(CloseCode::ProtocolError),
            (Opcode::Continuation, Some((opcode, mut held))) => {
                held.extend_from_slice(payload);
                if header.fin {
                    return Ok(take(whole(opcode, &held)?));
                }
                self.fragments = Some((opcode, held));
                Ok(true)
            }
            (_, Some(_)) => Err(CloseCode::ProtocolError),
            (opcode, None) if header.fin => Ok(take(whole(opcode, payload)?)),
            (opcode, None) => {
                self.fragments = Some((opcode, payload.to_vec()));
                Ok(true)
            }
        }
    }

    /// Whether a message or frame has begun and is not whole.
    pub(crate) fn is_inside(&self) -> bool {
        !self.pending.is_empty() || self.fragments.is_some()
    }
}

fn whole(opcode: Opcode, payload: &[u8]) -> Result<Message<'_>, CloseCode> {
    match opcode {
        Opcode::Text if std::str::from_utf8(payload).is_err() => Err(CloseCode::NotUtf8),
        Opcode::Text => Ok(Message::Text(payload)),
        _ => Ok(Message::Binary(payload)),
    }
}

/// Reads a header (RFC 6455 §5.2). None when more bytes are needed.
fn header(bytes: &[u8]) -> Result<Option<Header>, CloseCode> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let opcode = Opcode::from_bits(first & 0x0F).ok_or(CloseCode::ProtocolError)?;
    let (fin, reserved, masked) = (first & 0x80 != 0, first & 0x70, second & 0x80 != 0);
    let short = usize::from(second & 0x7F);
    let is_bad_control = opcode.is_control() && (!fin || short > 125);
    // No extension was agreed, so a reserved bit (compression) is an error; a client must mask (§5.1).
    if reserved != 0 || !masked || is_bad_control {
        return Err(CloseCode::ProtocolError);
    }
    let (length, size) = match short {
        126 => match bytes.get(2..4) {
            Some(long) => (usize::from(u16::from_be_bytes([long[0], long[1]])), 4),
            None => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|long| <[u8; 8]>::try_from(long).ok()) {
            Some(long) => (long_length(long)?, 10),
            None => return Ok(None),
        },
        short => (short, 2),
    };
    let Some(mask) = bytes.get(size..size + 4).and_then(|mask| <[u8; 4]>::try_from(mask).ok()) else {
        return Ok(None);
    };
    Ok(Some(Header { fin, opcode, mask, length, size: size + 4 }))
}

/// The highest bit of a length must not be set (RFC 6455 §5.2).
fn long_length(bytes: [u8; 8]) -> Result<usize, CloseCode> {
    let length = u64::from_be_bytes(bytes);
    if length >> 63 != 0 {
        return Err(CloseCode::ProtocolError);
    }
    Ok(usize::try_from(length).unwrap_or(usize::MAX))
}

fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let wide = u64::from_ne_bytes([mask[0], mask[1], mask[2], mask[3], mask[0], mask[1], mask[2], mask[3]]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let bytes = <[u8; 8]>::try_from(&*chunk).expect("chunks have 8 bytes");
        chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// The code of a close frame; its reason must be UTF-8, and the code one that may be sent (RFC 6455 §7.4).
fn close_code(payload: &[u8]) -> Result<Option<u16>, CloseCode> {
    match payload {
        [] => Ok(None),
        [_] => Err(CloseCode::ProtocolError),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(CloseCode::ProtocolError);
            }
            match std::str::from_utf8(reason) {
                Ok(_) => Ok(Some(code)),
                Err(_) => Err(CloseCode::NotUtf8),
            }
        }
    }
}

#[cfg(test)]
mod tests;
