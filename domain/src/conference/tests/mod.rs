mod broken;
mod demo;
mod real;

use super::Programme;

/// Reads a programme of the repository or of a test.
fn read(bytes: &[u8]) -> Programme {
    super::read_programme(bytes).unwrap_or_else(|error| panic!("{error}"))
}
