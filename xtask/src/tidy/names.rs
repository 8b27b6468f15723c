//! No drawers for odds and ends, and no `get_`.

use super::{Finding, source};
use crate::tree::{File, Tree};

/// Words that say nothing about what is inside.
const EMPTY_WORDS: [&str; 8] =
    ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];
/// What comes before the name of a type.
const TYPE_WORDS: [&str; 6] = ["struct ", "enum ", "trait ", "type ", "class ", "interface "];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let files = source::written(tree, &["rs", "ts", "js", "mjs", "svelte", "css"]);
    files.flat_map(|file| [check_path(file), check_code(tree, file)].concat()).collect()
}

fn check_path(file: &File) -> Vec<Finding> {
    let mut words = file.path.split(['/', '.', '_', '-']).map(str::to_lowercase);
    let found = words.find(|word| EMPTY_WORDS.contains(&word.as_str()));
    found
        .map(|word| Finding::at(&file.path, 1, format!("`{word}` in a path: name it after what is inside")))
        .into_iter()
        .collect()
}

fn check_code(tree: &Tree, file: &File) -> Vec<Finding> {
    source::lines(tree, file)
        .iter()
        .filter_map(|line| Some(Finding::at(&file.path, line.number, objection(line.code)?)))
        .collect()
}

fn objection(code: &str) -> Option<String> {
    let code = code.trim_start();
    let declares = TYPE_WORDS.iter().chain(&["mod "]).find_map(|keyword| name_after(code, keyword));
    if let Some(word) = declares.and_then(empty_word) {
        return Some(format!("`{word}` in a name: name it after what it does"));
    }
    let function = name_after(code, "fn ")?;
    function.strip_prefix("get_").map(|rest| format!("`{function}`: call it `{rest}`"))
}

/// The name that follows `keyword`, when the line is a declaration with it.
fn name_after<'a>(code: &'a str, keyword: &str) -> Option<&'a str> {
    let mut at = code;
    for modifier in
        ["export ", "default ", "abstract ", "pub(crate) ", "pub(super) ", "pub ", "const ", "async "]
    {
        at = at.strip_prefix(modifier).unwrap_or(at);
    }
    let rest = at.strip_prefix(keyword)?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

/// The empty word in a `CamelCase` or `snake_case` name.
fn empty_word(name: &str) -> Option<&'static str> {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            words.push('_');
        }
        words.extend(c.to_lowercase());
    }
    EMPTY_WORDS.into_iter().find(|empty| words.split('_').any(|word| word == *empty))
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn empty_words_are_found_in_paths_and_names() {
        let text = "pub struct RoomManager;\npub(crate) fn get_room() {}\nfn target() {}\nmod helpers;\nstruct Utility;\n";
        assert_eq!(
            places(check, &[("a/utils.rs", ""), ("b.rs", text), ("c.ts", "export class FooHelper {}")]),
            ["a/utils.rs:1", "b.rs:1", "b.rs:2", "b.rs:4", "c.ts:1"]
        );
    }
}
