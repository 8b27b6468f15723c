use super::*;

/// A client's frame with the mask 1, 2, 3, 4.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        short @ 0..=125 => out.push(0x80 | short as u8),
        long => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(long as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(&[1, 2, 3, 4]);
    out.extend(payload.iter().zip([1, 2, 3, 4].iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

/// Feeds `bytes` in pieces and lists what was read.
fn read(bytes: &[u8], piece: usize) -> (Vec<String>, Result<(), CloseCode>) {
    let (mut reader, mut read) = (FrameReader::default(), Vec::new());
    for part in bytes.chunks(piece) {
        let fed = reader.feed(&mut part.to_vec(), 1_000, |message| {
            read.push(format!("{message:?}"));
            true
        });
        if fed.is_err() {
            return (read, fed);
        }
    }
    (read, Ok(()))
}

#[test]
fn messages_are_the_same_however_the_bytes_arrive() {
    let mut bytes = frame(0x81, b"hello");
    bytes.extend(frame(0x82, &[7; 300]));
    bytes.extend(frame(0x01, "h\u{e9}".as_bytes().split_at(2).0));
    bytes.extend(frame(0x89, b"beat"));
    bytes.extend(frame(0x80, "h\u{e9}".as_bytes().split_at(2).1));
    bytes.extend(frame(0x88, &[3, 232, b'x']));
    let whole = read(&bytes, bytes.len());
    assert_eq!(whole.0.len(), 5, "{whole:?}");
    assert_eq!(whole.0[2], format!("{:?}", Message::Ping(b"beat")), "a ping may stand between fragments");
    assert_eq!(whole.0[3], format!("{:?}", Message::Text("h\u{e9}".as_bytes())));
    assert_eq!(whole.0[4], "Close(Some(1000))");
    for piece in 1..20 {
        assert_eq!(read(&bytes, piece), whole, "in pieces of {piece}");
    }
}

#[test]
fn broken_framing_has_the_close_code_of_the_rfc() {
    let unmasked = vec![0x81, 0x01, b'x'];
    let cases: [(&str, Vec<u8>, CloseCode); 12] = [
        ("not masked", unmasked, CloseCode::ProtocolError),
        ("compressed without agreement", frame(0xC1, b"x"), CloseCode::ProtocolError),
        ("reserved bit 2", frame(0xA1, b"x"), CloseCode::ProtocolError),
        ("unknown data opcode", frame(0x83, b"x"), CloseCode::ProtocolError),
        ("unknown control opcode", frame(0x8B, b"x"), CloseCode::ProtocolError),
        ("fragmented ping", frame(0x09, b"x"), CloseCode::ProtocolError),
        ("ping over 125 bytes", frame(0x89, &[0; 126]), CloseCode::ProtocolError),
        ("continuation of nothing", frame(0x80, b"x"), CloseCode::ProtocolError),
        ("close with one byte", frame(0x88, &[3]), CloseCode::ProtocolError),
        ("close with a code that may not be sent", frame(0x88, &[3, 237]), CloseCode::ProtocolError),
        ("close reason not UTF-8", frame(0x88, &[3, 232, 0xFF]), CloseCode::NotUtf8),
        ("text not UTF-8", frame(0x81, &[0xC3, 0x28]), CloseCode::NotUtf8),
    ];
    for (name, bytes, code) in cases {
        assert_eq!(read(&bytes, 1_000).1, Err(code), "{name}");
    }
    let mut begun_twice = frame(0x01, b"a");
    begun_twice.extend(frame(0x81, b"b"));
    assert_eq!(read(&begun_twice, 1_000).1, Err(CloseCode::ProtocolError));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_held() {
    let large = frame(0x81, &[b'a'; 1_001]);
    let (seen, end) = read(&large[..40], 40);
    assert_eq!(end, Err(CloseCode::TooLarge));
    assert!(seen[0].starts_with("TooLarge([97"), "{seen:?}");
    let mut fragments = frame(0x01, &[b'a'; 600]);
    fragments.extend(frame(0x80, &[b'b'; 600]));
    assert_eq!(read(&fragments, 10_000).1, Err(CloseCode::TooLarge));
}

#[test]
fn a_length_with_the_highest_bit_is_no_length() {
    let bytes = [&[0x82, 0xFF][..], &[0x80, 0, 0, 0, 0, 0, 0, 0], &[1, 2, 3, 4]].concat();
    assert_eq!(read(&bytes, 100).1, Err(CloseCode::ProtocolError));
}

#[test]
fn between_messages_nothing_is_owned() {
    let mut reader = FrameReader::default();
    let bytes = frame(0x81, b"whole");
    reader.feed(&mut bytes.clone(), 100, |_| true).unwrap();
    assert!(!reader.is_inside());
    assert_eq!(reader.pending.capacity(), 0);
    reader.feed(&mut bytes[..3].to_vec(), 100, |_| true).unwrap();
    assert!(reader.is_inside());
    reader.feed(&mut bytes[3..].to_vec(), 100, |_| true).unwrap();
    assert_eq!(reader.pending.capacity(), 0);
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, piece in 1_usize..50) {
        let _ = read(&bytes, piece);
    }
}
