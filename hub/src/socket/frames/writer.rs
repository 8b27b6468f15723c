//! Server frames: unmasked, so that one broadcast is one buffer for all of its sockets.

use super::Opcode;

const FIN: u8 = 0x80;

/// Appends a whole frame around what `write` appends. The header's length is known only afterwards, so it is put in
/// front by moving the payload once; frames of a broadcast are made once for thousands of sockets.
pub(crate) fn push_frame(out: &mut Vec<u8>, opcode: Opcode, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let length = out.len() - start - 4;
    let first = FIN | opcode.bits();
    match length {
        0..=125 => {
            out[start + 2..start + 4].copy_from_slice(&[first, length as u8]);
            out.drain(start..start + 2);
        }
        126..=0xFFFF => {
            let [high, low] = (length as u16).to_be_bytes();
            out[start..start + 4].copy_from_slice(&[first, 126, high, low]);
        }
        _ => {
            let mut header = [0; 10];
            header[0] = first;
            header[1] = 127;
            header[2..].copy_from_slice(&(length as u64).to_be_bytes());
            out.splice(start..start + 4, header);
        }
    }
}

/// A pong that answers a ping.
pub(crate) fn pong(payload: &[u8]) -> Vec<u8> {
    control(Opcode::Pong, payload)
}

/// A ping.
pub(crate) fn ping() -> Vec<u8> {
    control(Opcode::Ping, &[])
}

/// A close frame; a reason over 123 bytes is cut at a character.
pub(crate) fn close(code: u16, reason: &str) -> Vec<u8> {
    let mut payload = code.to_be_bytes().to_vec();
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    payload.extend_from_slice(&reason.as_bytes()[..end]);
    control(Opcode::Close, &payload)
}

fn control(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 4);
    push_frame(&mut out, opcode, |out| out.extend_from_slice(payload));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(length: usize) -> Vec<u8> {
        let mut out = b"before".to_vec();
        push_frame(&mut out, Opcode::Binary, |out| out.resize(out.len() + length, 7));
        assert_eq!(&out[..6], b"before");
        out.split_off(6)
    }

    #[test]
    fn each_length_has_its_header() {
        assert_eq!(framed(0), [0x82, 0]);
        assert_eq!(framed(125)[..3], [0x82, 125, 7]);
        assert_eq!(framed(126)[..5], [0x82, 126, 0, 126, 7]);
        assert_eq!(framed(65_535)[..5], [0x82, 126, 255, 255, 7]);
        assert_eq!(framed(65_536)[..11], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0, 7]);
        for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
            let header = match length {
                0..=125 => 2,
                126..=65_535 => 4,
                _ => 10,
            };
            assert_eq!(framed(length).len(), header + length);
        }
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let frame = close(1002, &"é".repeat(80));
        assert_eq!(frame[1], 124, "2 bytes of code and 61 characters of 2 bytes");
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }
}
