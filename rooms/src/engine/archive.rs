//! Real data for tests of kinds: archives that lie beside the repository and are no part of it.

use std::path::Path;
use std::process::Command;

/// The text of the files in an archive whose names match `pattern`, one after another. None, with a word on it, when the
/// archive or the program that unpacks it is not here.
pub(crate) fn unpacked(archive: &str, pattern: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(archive);
    let tar = || Command::new("tar").arg("-xJOf").arg(&path).args(["--wildcards", pattern]).output().ok();
    let unpacked = path.exists().then(tar).flatten().filter(|unpacked| unpacked.status.success());
    let Some(unpacked) = unpacked else {
        println!("{archive}, tar or xz is absent: this test proves nothing here");
        return None;
    };
    Some(String::from_utf8_lossy(&unpacked.stdout).into_owned())
}
