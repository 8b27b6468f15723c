//! What is done with bytes from nowhere: all that reads the wire, and what must hold whatever they are. The fuzz
//! targets call the same function.

use plenum_protocol::{
    Codec, Command, Incoming, Limits, parse_frame, parse_joined, parse_server_frame, salvage_id, transcode,
    write_command,
};

/// Reads `bytes` as everything that they could be.
pub(crate) fn read_as_everything(codec: Codec, bytes: &[u8]) {
    for command in parse_frame(codec, bytes, &Limits::CLIENT) {
        match command {
            Ok(command) => survives_being_written(codec, &command),
            Err(refusal) => assert!(refusal.code().starts_with("hub.") && !refusal.to_string().is_empty()),
        }
    }
    for message in parse_server_frame(codec, bytes, &Limits::SERVER) {
        let _ = message.map_err(|refusal| refusal.to_string());
    }
    let _ = (parse_joined(codec, bytes).is_ok(), salvage_id(codec, bytes));
    there_and_back(codec, bytes);
}

fn survives_being_written(codec: Codec, read: &Incoming<'_>) {
    let command = Command {
        id: read.id,
        op: &read.op,
        room: read.room.as_deref(),
        key: read.key,
        since: read.since.clone(),
        data: read.data,
    };
    let mut bytes = Vec::new();
    write_command(codec, &mut bytes, &command);
    let again: Vec<_> =
        parse_frame(codec, &bytes, &Limits { frame_bytes_max: usize::MAX, ..Limits::CLIENT }).collect();
    assert_eq!(again, [Ok(read.clone())]);
}

/// A payload that has a form in the other codec comes back from it with the same meaning.
fn there_and_back(codec: Codec, bytes: &[u8]) {
    let other = if codec == Codec::Json { Codec::MsgPack } else { Codec::Json };
    let (mut there, mut back, mut there_again) = (Vec::new(), Vec::new(), Vec::new());
    if transcode(codec, other, bytes, &mut there).is_ok() {
        transcode(other, codec, &there, &mut back).expect("what was transcoded is well formed");
        transcode(codec, other, &back, &mut there_again).expect("what was transcoded is well formed");
        assert_eq!(there, there_again);
    }
}
