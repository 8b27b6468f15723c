//! The files of the repository, as git knows them.

use std::path::Path;

use crate::failure::Failure;
use crate::program::Program;

/// What a file must end with for its text to be read.
const TEXT_ENDINGS: [&str; 14] =
    ["rs", "toml", "md", "ts", "js", "mjs", "svelte", "css", "html", "sql", "json", "sh", "yml", "yaml"];
/// Names without an ending whose text is read all the same.
const TEXT_NAMES: [&str; 1] = ["Dockerfile"];

/// One file: its path from the root with forward slashes, and its text.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Path from the root of the repository.
    pub(crate) path: String,
    /// The text; empty when the file is not one that people write by hand.
    pub(crate) text: String,
}

/// All files that are tracked, or would be with `git add`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// Reads the tree at `root`.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let listed = Program::new("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .within(root)
            .answer()?;
        let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        let files = paths.into_iter().filter(|path| root.join(path).is_file());
        Ok(Self { files: files.map(|path| read_file(root, path)).collect::<Result<_, _>>()? })
    }

    /// A tree made of texts, for tests of the checks.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    /// Every file.
    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    /// The files whose name ends with one of `.ending`.
    pub(crate) fn ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| endings.contains(&file.ending()))
    }

    /// The file at exactly that path.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether a file or a folder with a file in it is at that path.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty() || self.files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    }

    /// The names of the folders directly inside `folder`, each once.
    pub(crate) fn folders_in(&self, folder: &str) -> Vec<&str> {
        let inside = self.files.iter().filter_map(|file| file.path.strip_prefix(folder)?.strip_prefix('/'));
        let mut names: Vec<&str> = inside.filter_map(|rest| Some(rest.split_once('/')?.0)).collect();
        names.dedup();
        names
    }
}

impl File {
    /// What stands after the last dot of the name, or nothing.
    pub(crate) fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The path without its last part.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Written by a program: goldens, generated code, snapshots, lock files.
    pub(crate) fn is_generated(&self) -> bool {
        let by_folder = ["golden", "generated", "snapshots"];
        self.path.split('/').any(|part| by_folder.contains(&part))
            || self.name().contains("-lock.")
            || self.text.lines().take(3).any(|line| line.contains("@generated"))
    }
}

fn read_file(root: &Path, path: &str) -> Result<File, Failure> {
    let mut file = File { path: path.to_owned(), text: String::new() };
    if TEXT_ENDINGS.contains(&file.ending()) || TEXT_NAMES.contains(&file.name()) {
        let bytes = std::fs::read(root.join(path))
            .map_err(|e| Failure::while_doing(format!("reading {path}"), &e))?;
        file.text = String::from_utf8_lossy(&bytes).into_owned();
    }
    Ok(file)
}
