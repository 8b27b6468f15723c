//! Reading the layers, with the place of whatever is wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use confique::meta::{FieldKind, Meta};
use confique::{Config as _, Layer as _};

use super::Config;

/// What begins the name of every variable of ours.
const PREFIX: &str = "PLENUM__";

type ConfigLayer = <Config as confique::Config>::Layer;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The file of `--config`.
    File,
    /// This variable.
    Environment(&'static str),
}

/// A configuration that can work, and where its values came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// Every key, `section.key`, with its origin.
    pub origins: BTreeMap<String, Origin>,
}

/// Why a configuration cannot be used. Always names the file and line, or the variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is not TOML, or has a key that nobody knows, or a value of another type.
    #[error("{}:{line}: {reason}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A variable that looks like ours but names no key.
    #[error("environment variable {name}: there is no such key{}", hint.as_ref().map(|known| format!(", did you mean {known}?")).unwrap_or_default())]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The nearest key that exists.
        hint: Option<String>,
    },
    /// A variable whose value cannot be read.
    #[error("{0}")]
    BadVariable(String),
    /// A value that cannot work.
    #[error("{key}: {reason}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// Why it cannot work.
        reason: String,
    },
}

/// Reads the configuration from `file` (when there is one) and the process's environment.
///
/// # Errors
/// [`ConfigError`] with the first thing that is wrong.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigError> {
    let (file_layer, in_file) =
        file.map_or_else(|| Ok((ConfigLayer::empty(), toml::Table::new())), read_file)?;
    refuse_unknown_variables()?;
    let environment = ConfigLayer::from_env().map_err(|error| ConfigError::BadVariable(one_line(&error)))?;
    let layers = environment.with_fallback(file_layer).with_fallback(ConfigLayer::default_values());
    let config = Config::from_layer(layers).map_err(|error| ConfigError::BadVariable(one_line(&error)))?;
    config.check()?;
    Ok(Loaded { config, file: file.map(Path::to_owned), origins: origins(&in_file) })
}

fn read_file(path: &Path) -> Result<(ConfigLayer, toml::Table), ConfigError> {
    let unreadable =
        |error: std::io::Error| ConfigError::Unreadable { path: path.to_owned(), reason: error.to_string() };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let bad = |error: toml::de::Error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or_default());
        let line = before.matches('\n').count() + 1;
        ConfigError::BadFile { path: path.to_owned(), line, reason: error.message().replace('\n', "; ") }
    };
    Ok((toml::from_str(&text).map_err(bad)?, toml::from_str(&text).map_err(bad)?))
}

/// An error and what caused it, on one line.
fn one_line(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line.replace('\n', " ")
}

fn refuse_unknown_variables() -> Result<(), ConfigError> {
    let known: Vec<&str> = keys().into_iter().map(|(_, variable)| variable).collect();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut strangers = names.filter(|name| name.starts_with(PREFIX) && !known.contains(&name.as_str()));
    match strangers.next() {
        None => Ok(()),
        Some(name) => Err(ConfigError::UnknownVariable { hint: nearest(&name, &known), name }),
    }
}

/// The known variable with the same last word or the longest common beginning.
fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let shared = |other: &str| name.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let best = known.iter().max_by_key(|other| shared(other))?;
    (shared(best) > PREFIX.len() + 2).then(|| (*best).to_owned())
}

/// Every key, `section.key`, with its variable.
pub(super) fn keys() -> Vec<(String, &'static str)> {
    fn walk(meta: &'static Meta, path: &str, found: &mut Vec<(String, &'static str)>) {
        for field in meta.fields {
            let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
            match field.kind {
                FieldKind::Nested { meta } => walk(meta, &path, found),
                FieldKind::Leaf { env, .. } => {
                    found.push((path, env.expect("the tests check that every key has a variable")));
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&Config::META, "", &mut found);
    found
}

fn origins(in_file: &toml::Table) -> BTreeMap<String, Origin> {
    let origin = |key: &str, variable| match std::env::var_os(variable) {
        Some(_) => Origin::Environment(variable),
        None if stands_in(in_file, key) => Origin::File,
        None => Origin::Default,
    };
    keys().into_iter().map(|(key, variable)| (key.clone(), origin(&key, variable))).collect()
}

fn stands_in(table: &toml::Table, key: &str) -> bool {
    let Some((section, name)) = key.split_once('.') else { return table.contains_key(key) };
    table.get(section).and_then(toml::Value::as_table).is_some_and(|section| stands_in(section, name))
}
