//! Making a new kind of room: a folder, a face, and a line in each registry.

mod name;
mod registry;
mod template;

use std::path::Path;

pub(crate) use name::Name;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// Where the kinds are.
const KINDS: &str = "rooms/src/kinds";
/// Where the web client has a face for each of them.
const FACES: &str = "clients/web/src/lib/rooms";

/// Writes everything for a new kind and returns the paths, relative to the root.
pub(crate) fn make(workspace: &Workspace, name: &Name) -> Result<Vec<String>, Failure> {
    let folder = format!("{KINDS}/{}", name.snake());
    if workspace.has(&folder) {
        return Err(Failure::new(format!("{folder} is there already")));
    }
    let mut files = template::files(name);
    for (path, with_line) in registry::ALL {
        files.push((path.to_owned(), with_line(&read(&workspace.path(path))?, name)?));
    }
    for (path, text) in &files {
        write(&workspace.path(path), text)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| Failure::while_doing(format!("reading {}", path.display()), &e))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().expect("every file of a kind is in a folder");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|e| Failure::while_doing(format!("writing {}", path.display()), &e))
}
