//! The code of a ticket as a picture that every mail program shows: PNG (<https://www.w3.org/TR/png-3/>), one bit a dot.

use qrcode::{Color, QrCode};

/// Dots a side of each module: what phones read from a screen and from paper.
const DOTS: usize = 6;
/// Modules of white around it, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;
/// A stored block of DEFLATE has so many bytes at most (RFC 1951, section 3.2.4).
const BLOCK_BYTES_MAX: usize = 65_535;

/// A QR code of a text; none when the text is too long for one.
pub(super) fn qr(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::new(text).ok()?;
    let side = (code.width() + 2 * QUIET) * DOTS;
    let is_dark = |x: usize, y: usize| {
        let at = |dot: usize| (dot / DOTS).checked_sub(QUIET).filter(|module| *module < code.width());
        at(x).zip(at(y)).is_some_and(|at| code[at] == Color::Dark)
    };
    let mut rows = Vec::with_capacity(side * (side / 8 + 2));
    for y in 0..side {
        // No filter.
        rows.push(0);
        rows.extend((0..side).step_by(8).map(|left| byte(|bit| is_dark(left + bit, y))));
    }
    Some(png(u32::try_from(side).ok()?, &rows))
}

/// Eight dots, the first one in the highest bit; a one is white.
fn byte(is_dark: impl Fn(usize) -> bool) -> u8 {
    (0..8).fold(0, |byte, bit| (byte << 1) | u8::from(!is_dark(bit)))
}

fn png(side: u32, rows: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    // One bit of grey, without anything special.
    let head = [&side.to_be_bytes()[..], &side.to_be_bytes()[..], &[1, 0, 0, 0, 0]].concat();
    for (name, data) in [(b"IHDR", head), (b"IDAT", stored(rows)), (b"IEND", Vec::new())] {
        let length = u32::try_from(data.len()).expect("a code is small");
        let named = [&name[..], &data[..]].concat();
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&named);
        out.extend_from_slice(&crc(&named).to_be_bytes());
    }
    out
}

/// A ZLIB stream (RFC 1950) of blocks that are not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(BLOCK_BYTES_MAX).count();
    for (at, block) in bytes.chunks(BLOCK_BYTES_MAX).enumerate() {
        let length = u16::try_from(block.len()).expect("a block is no longer");
        out.push(u8::from(at + 1 == blocks));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&adler(bytes).to_be_bytes());
    out
}

/// RFC 1950, section 8.2.
fn adler(bytes: &[u8]) -> u32 {
    let step = |(low, high): (u32, u32), byte: &u8| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    };
    let (low, high) = bytes.iter().fold((1, 0), step);
    (high << 16) | low
}

/// PNG, annex D.
fn crc(bytes: &[u8]) -> u32 {
    let shift = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standards() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn a_code_has_its_modules_and_white_around_them() {
        let png = qr("PLT1.AY8").expect("a short text");
        let side = u32::from_be_bytes(png[16..20].try_into().expect("four bytes")) as usize;
        let row_bytes = side.div_ceil(8) + 1;
        // Behind the signature, the head's chunk, the name of the data's chunk, and the heads of ZLIB and of its block.
        let rows = &png[8 + 25 + 8 + 7..];
        let is_white = |x: usize, y: usize| rows[y * row_bytes + 1 + x / 8] >> (7 - x % 8) & 1 == 1;
        assert_eq!(side % DOTS, 0);
        assert!((0..side).all(|x| is_white(x, 0) && is_white(0, x)), "the quiet zone");
        let corner = QUIET * DOTS;
        assert!(!is_white(corner, corner) && !is_white(corner + 6 * DOTS, corner), "the finder's ends");
        assert!(is_white(corner + DOTS, corner + DOTS), "the finder's ring");
    }
}
