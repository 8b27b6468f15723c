//! Every test that can rewrite a file is run by `cargo xtask gen`.

use super::{Finding, source};
use crate::commands::r#gen::GENERATORS;
use crate::tree::Tree;

/// The variable that turns a comparison into a rewrite.
const SWITCH: &str = "PLENUM_GEN";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let files = source::written(tree, &["rs"]).filter(|file| !file.path.starts_with("xtask/"));
    let strangers = files.filter(|file| !GENERATORS.iter().any(|known| file.path.starts_with(known.folder)));
    strangers
        .filter_map(|file| {
            let at = file.text.lines().position(|line| line.contains(SWITCH))?;
            let advice = "this crate writes files under PLENUM_GEN but is not in xtask/src/commands/gen.rs";
            Some(Finding::at(&file.path, at + 1, advice))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn a_generator_that_nobody_runs_is_found() {
        let text = "fn f() {\n    std::env::var_os(\"PLENUM_GEN\");\n}\n";
        assert_eq!(places(check, &[("elsewhere/src/a.rs", text)]), ["elsewhere/src/a.rs:2"]);
    }
}
