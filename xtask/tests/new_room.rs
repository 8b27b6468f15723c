//! `cargo xtask new-room` makes a kind that passes every suite without a change, in a copy of this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A copy of the repository's files, in a folder of its own below the build folder.
struct Copy {
    root: PathBuf,
}

impl Copy {
    fn make() -> Self {
        let original =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-room");
        if root.exists() {
            fs::remove_dir_all(&root).expect("the last copy can be removed");
        }
        let listed = "ls-files -z --cached --others --exclude-standard";
        let listed =
            output(Command::new("git").args(listed.split(' ')).current_dir(original).stdin(Stdio::null()));
        for path in listed.split('\0').filter(|path| original.join(path).is_file()) {
            let to = root.join(path);
            fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("folders can be made");
            fs::copy(original.join(path), to).expect("files can be copied");
        }
        let copy = Self { root };
        copy.run("git", "init -q");
        copy.run("git", "add -A");
        copy
    }

    /// A program in the copy. It builds into a folder of its own: cargo tells the crates of a copy from those of the
    /// original by their times only, and would take one for the other.
    fn program(&self, name: &str, words: &str) -> Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-room-target");
        let mut command = Command::new(name);
        command
            .args(words.split(' '))
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target)
            .stdin(Stdio::null());
        command
    }

    /// Runs a program that has to end well, and returns what it wrote.
    fn run(&self, name: &str, words: &str) -> String {
        output(&mut self.program(name, words))
    }
}

fn original() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// What a program that has to end well wrote.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn a_new_kind_passes_every_suite_untouched() {
    let copy = Copy::make();
    let before = findings(&copy);
    copy.run(env!("CARGO_BIN_EXE_xtask"), "new-room probe");
    let registries = ["clients/web/src/lib/rooms/registry.ts", "rooms/src/kinds/mod.rs"];
    assert_eq!(changed(&copy), registries, "a kind is a folder, a face, and its registry lines");

    copy.run("cargo", "clippy -q -p plenum-rooms --all-targets -- -D warnings");
    let tests = copy.run("cargo", "test -p plenum-rooms --no-fail-fast");
    assert!(tests.contains("kinds::probe::tests::"), "its own tests ran:\n{tests}");
    assert_eq!(findings(&copy), before, "tidy has nothing to say about it");
    face_passes(&copy);
}

/// The web client's own suites, with the packages that are installed in the original.
fn face_passes(copy: &Copy) {
    let installed = original().join("clients/node_modules");
    if !installed.exists() {
        println!("clients/node_modules is not there (`npm ci`): the face was not checked");
        return;
    }
    std::os::unix::fs::symlink(installed, copy.root.join("clients/node_modules"))
        .expect("a link can be made");
    copy.run("npm", "--prefix clients run check --workspace web");
    copy.run("npm", "--prefix clients run test --workspace web");
}

/// What tidy says in the copy.
fn findings(copy: &Copy) -> Vec<String> {
    let tidy = copy.program(env!("CARGO_BIN_EXE_xtask"), "tidy").output().expect("xtask starts");
    String::from_utf8_lossy(&tidy.stdout)
        .lines()
        .filter(|line| line.contains(": "))
        .map(str::to_owned)
        .collect()
}

/// The files of the repository that are not as they were.
fn changed(copy: &Copy) -> Vec<String> {
    copy.run("git", "diff --name-only").lines().map(str::to_owned).collect()
}
