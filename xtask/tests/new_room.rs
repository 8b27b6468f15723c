//! `cargo xtask new-room` makes a kind that passes every suite without a change, in a copy of this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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
        let listed = output(Command::new("git").args(listed.split(' ')).current_dir(original));
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

    /// Runs a program in the copy; what it built before in the original's build folder is used again.
    fn run(&self, program: &str, words: &str) -> String {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is inside the build folder");
        let mut command = Command::new(program);
        output(command.args(words.split(' ')).current_dir(&self.root).env("CARGO_TARGET_DIR", target))
    }

    fn xtask(&self, words: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words.split(' ')).current_dir(&self.root).output().expect("xtask starts")
    }
}

/// What a program that has to end well wrote.
fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn a_new_kind_passes_every_suite_untouched() {
    let copy = Copy::make();
    let before = findings(&copy);
    let made = copy.xtask("new-room probe");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(changed(&copy), ["rooms/src/kinds/mod.rs"], "a kind is one folder and its registry lines");
    let added = copy.run("git", "diff --numstat -- rooms/src/kinds/mod.rs");
    println!("registry lines added and removed: {added}");

    copy.run("cargo", "clippy -q -p plenum-rooms --all-targets -- -D warnings");
    let tests = copy.run("cargo", "test -p plenum-rooms --no-fail-fast");
    assert!(tests.contains("kinds::probe::tests::"), "its own tests ran:\n{tests}");
    assert_eq!(findings(&copy), before, "tidy has nothing to say about it");
}

/// What tidy says in the copy.
fn findings(copy: &Copy) -> Vec<String> {
    let said = copy.xtask("tidy").stdout;
    let lines = String::from_utf8_lossy(&said);
    lines.lines().filter(|line| line.contains(": ")).map(str::to_owned).collect()
}

/// The files of the repository that are not as they were.
fn changed(copy: &Copy) -> Vec<String> {
    copy.run("git", "diff --name-only").lines().map(str::to_owned).collect()
}
