//! Sees to it that the web client's build is there to be embedded, and embedded anew when it changes.

use std::fs;
use std::io;

/// Where the client's build goes, from this crate's folder.
const CLIENT: &str = "../clients/web/build";

fn main() -> io::Result<()> {
    // An empty folder embeds nothing and says so on every page; a missing one would be looked for in a wrong place.
    fs::create_dir_all(CLIENT)?;
    println!("cargo:rerun-if-changed={CLIENT}");
    Ok(())
}
