//! Where the workspace is.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder that holds the root `Cargo.toml`.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace around the current folder.
    pub(crate) fn around_here() -> Result<Self, Failure> {
        let here =
            std::env::current_dir().map_err(|e| Failure::while_doing("reading the current folder", &e))?;
        Self::around(&here)
    }

    /// The workspace around `folder`: the nearest parent whose `Cargo.toml` declares one.
    pub(crate) fn around(folder: &Path) -> Result<Self, Failure> {
        folder
            .ancestors()
            .find(|at| declares_workspace(at))
            .map(|root| Self { root: root.to_owned() })
            .ok_or_else(|| Failure::new(format!("{} is not inside a Cargo workspace", folder.display())))
    }

    /// The root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside, written with forward slashes.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Whether that path is there.
    pub(crate) fn has(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |dir| self.root.join(dir))
    }
}

fn declares_workspace(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}
