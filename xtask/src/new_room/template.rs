//! The files of a new kind: a small yes/no room that works.

use super::{FACES, KINDS, Name};

/// What is written into `rooms/src/kinds/<name>/`.
const ROOM: [(&str, &str); 6] = [
    ("mod.rs", include_str!("template/room/mod.rs.txt")),
    ("state.rs", include_str!("template/room/state.rs.txt")),
    ("wire.rs", include_str!("template/room/wire.rs.txt")),
    ("sample.rs", include_str!("template/room/sample.rs.txt")),
    ("tests.rs", include_str!("template/room/tests.rs.txt")),
    ("README.md", include_str!("template/room/README.md.txt")),
];

/// What is written into `clients/web/src/lib/rooms/<name>/`.
const FACE: [(&str, &str); 5] = [
    ("model.svelte.ts", include_str!("template/face/model.svelte.ts.txt")),
    ("model.test.ts", include_str!("template/face/model.test.ts.txt")),
    ("Play.svelte", include_str!("template/face/Play.svelte.txt")),
    ("Run.svelte", include_str!("template/face/Run.svelte.txt")),
    ("Show.svelte", include_str!("template/face/Show.svelte.txt")),
];

/// Every file of a new kind: its path from the root, and its text.
pub(super) fn files(name: &Name) -> Vec<(String, String)> {
    let parts = ROOM.iter().map(|part| (KINDS, part)).chain(FACE.iter().map(|part| (FACES, part)));
    parts.map(|(home, (file, text))| (format!("{home}/{}/{file}", name.snake()), name.fill(text))).collect()
}
