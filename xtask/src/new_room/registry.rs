//! Adding a kind's lines to the registries.

use super::Name;
use crate::failure::Failure;

/// Adds a kind to the text of a registry.
type WithLine = fn(&str, &Name) -> Result<String, Failure>;

/// Every registry and how a kind gets into it.
pub(super) const ALL: [(&str, WithLine); 2] =
    [("rooms/src/kinds/mod.rs", with_room), ("clients/web/src/lib/rooms/registry.ts", with_face)];

/// The line of a kind in the web client.
const FACE: &str = "  {{kind}}: kind(() => import('./{{kind}}/Play.svelte'), \
                    () => import('./{{kind}}/Run.svelte'), () => import('./{{kind}}/Show.svelte')),\n";

/// The registry with one more module line and one more entry in the table. The formatter sorts the module lines and
/// gives the entry a line of its own; the entry is put where its name belongs.
fn with_room(text: &str, name: &Name) -> Result<String, Failure> {
    let module = name.fill("pub mod {{kind}};\n");
    let entry = name.fill("Kind::of::<{{kind}}::{{Kind}}>(\"{{kind}}.state\", &[], &{{kind}}::Samples),");
    let text = insert(text, after_last_line(text, "pub mod "), &module)?;
    if let Some(at) = next_entry(&text, name) {
        return insert(&text, Some(at), &format!("    {entry}\n"));
    }
    let end = end_of_table(&text);
    let comma = end.is_some_and(|end| !text[..end].ends_with([',', '[']));
    insert(&text, end, &format!("{}{entry}", if comma { ", " } else { "" }))
}

/// The registry of faces with one more line at its end.
fn with_face(text: &str, name: &Name) -> Result<String, Failure> {
    let table = text.find("KINDS");
    let close = table.and_then(|table| Some(table + text[table..].find("\n};")? + 1));
    insert(text, close, &name.fill(FACE))
}

fn insert(text: &str, at: Option<usize>, line: &str) -> Result<String, Failure> {
    let strange = || Failure::new("the registry does not look as expected: add the lines by hand");
    let at = at.ok_or_else(strange)?;
    Ok([&text[..at], line, &text[at..]].concat())
}

/// The offset behind the last line that starts with `start`.
fn after_last_line(text: &str, start: &str) -> Option<usize> {
    let last = text.match_indices(start).filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n')).last()?.0;
    Some(last + text[last..].find('\n')? + 1)
}

/// The offset of the line of the first kind whose name comes after this one.
fn next_entry(text: &str, name: &Name) -> Option<usize> {
    let start = "\n    Kind::of::<";
    let comes_after = |(at, _): &(usize, &str)| &text[at + start.len()..] > name.snake();
    text.match_indices(start).find(comes_after).map(|(at, _)| at + 1)
}

/// The offset behind the last entry of the table of kinds.
fn end_of_table(text: &str) -> Option<usize> {
    let table = text.find("static KINDS")?;
    let close = table + text[table..].find("];")?;
    Some(text[..close].trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::{Name, with_face, with_room};

    #[test]
    fn both_lines_are_added_behind_the_others() {
        let name = Name::parse("probe").expect("it is a good name");
        let entry = "Kind::of::<probe::Probe>(\"probe.state\", &[], &probe::Samples),";
        for (table, separator) in [("[x]", ", "), ("[\n    x,\n]", ""), ("[]", "")] {
            let before = format!("pub mod poll;\n\nuse a;\n\npub static KINDS: &[Kind] = &{table};\n");
            let after = with_room(&before, &name).expect("it is a registry");
            assert!(after.starts_with("pub mod poll;\npub mod probe;\n\nuse a;"), "{after}");
            assert!(after.contains(&format!("{separator}{entry}")), "{after}");
        }
    }

    #[test]
    fn the_entry_stands_where_its_name_belongs() {
        let before = "pub mod a;\nstatic KINDS: &[Kind] = &[\n    Kind::of::<poll::P>(),\n    Kind::of::<qa::Q>(),\n];\n";
        let after =
            with_room(before, &Name::parse("probe").expect("it is a good name")).expect("it is a registry");
        let places =
            ["<poll::", "<probe::", "<qa::"].map(|entry| after.find(entry).expect("every entry is there"));
        assert!(places.is_sorted(), "{after}");
    }

    #[test]
    fn a_face_is_added_at_the_end() {
        let before = "export const KINDS = {\n  qa: kind(),\n};\n\nfunction f() {\n};\n";
        let after =
            with_face(before, &Name::parse("probe").expect("it is a good name")).expect("it is a registry");
        assert!(
            after.contains("qa: kind(),\n  probe: kind(() => import('./probe/Play.svelte'), () => import"),
            "{after}"
        );
        assert!(after.contains("import('./probe/Show.svelte')),\n};\n\nfunction"), "{after}");
    }

    #[test]
    fn another_file_is_left_alone() {
        assert!(with_room("fn main() {}\n", &Name::parse("probe").expect("it is a good name")).is_err());
    }
}
