//! The key that signs tokens: a file that only its owner may read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::clock::Clock;

const KEY_BYTES: usize = 32;
/// Read and write for the owner, nothing for others.
const OWNER_ONLY: u32 = 0o600;

/// The signing key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{key} {}: {reason}", path.display())]
pub struct SecretError {
    /// The configuration's key.
    pub key: &'static str,
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub reason: String,
}

/// Reads the signing key, making the file on the first start.
///
/// # Errors
/// The file cannot be read or made, or has too few bytes to be a key.
pub(super) fn read_or_make(path: &Path, clock: &Clock) -> Result<Vec<u8>, SecretError> {
    kept("auth.secret_file", path, || clock.secret::<KEY_BYTES>().to_vec())
}

/// Reads a secret, making the file on the first start.
///
/// # Errors
/// The file cannot be read or made, or has too few bytes to be a secret.
pub(super) fn kept(
    key: &'static str,
    path: &Path,
    make: impl FnOnce() -> Vec<u8>,
) -> Result<Vec<u8>, SecretError> {
    let fail = |reason: String| SecretError { key, path: path.to_owned(), reason };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| fail(error.to_string()))?;
    }
    let fresh = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path);
    match fresh {
        Ok(mut file) => {
            let secret = make();
            file.write_all(&secret)
                .and_then(|()| file.sync_all())
                .map_err(|error| fail(error.to_string()))?;
            Ok(secret)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path).map_err(fail),
        Err(error) => Err(fail(error.to_string())),
    }
}

/// What all nodes of an installation share: the bytes of the file that signs tokens.
///
/// # Errors
/// The file cannot be read or made, or has too few bytes to be a key.
pub fn installation_secret(settings: &crate::config::Auth, clock: &Clock) -> Result<Vec<u8>, SecretError> {
    read_or_make(&settings.secret_file, clock)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut key = Vec::new();
    let opened = std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut key));
    opened.map_err(|error| error.to_string())?;
    match key.len() {
        KEY_BYTES.. => Ok(key),
        short => Err(format!("has {short} bytes; a key has {KEY_BYTES} or more")),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/auth.secret");
        let first = read_or_make(&path, &Clock::new()).unwrap();
        assert_eq!(read_or_make(&path, &Clock::new()).unwrap(), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, OWNER_ONLY);
    }

    #[test]
    fn a_short_key_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("auth.secret");
        std::fs::write(&path, "short").unwrap();
        let said = read_or_make(&path, &Clock::new()).unwrap_err().to_string();
        assert!(said.contains("auth.secret") && said.contains("5 bytes"), "{said}");
    }
}
