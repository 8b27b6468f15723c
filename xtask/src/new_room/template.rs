//! The files of a new kind: a small yes/no room that works.

use super::{KINDS, Name};

/// What is written into `rooms/src/kinds/<name>/`.
const ROOM: [(&str, &str); 6] = [
    ("mod.rs", include_str!("template/room/mod.rs.txt")),
    ("state.rs", include_str!("template/room/state.rs.txt")),
    ("wire.rs", include_str!("template/room/wire.rs.txt")),
    ("sample.rs", include_str!("template/room/sample.rs.txt")),
    ("tests.rs", include_str!("template/room/tests.rs.txt")),
    ("README.md", include_str!("template/room/README.md.txt")),
];

/// Every file of a new kind: its path from the root, and its text.
pub(super) fn files(name: &Name) -> Vec<(String, String)> {
    let room = |(file, text): &(&str, &str)| (format!("{KINDS}/{}/{file}", name.snake()), name.fill(text));
    ROOM.iter().map(room).collect()
}
