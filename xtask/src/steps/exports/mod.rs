//! What `plenum export` writes is valid by the schemas of the formats, for a made-up programme with all sorts of things in it
//! and for real ones.
//!
//! The schemas and the real programmes are others' and no part of this repository: they lie beside it, or this step says
//! that they are absent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::counts::Counts;
use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// What validates, from PyPI.
const TOOLS: [&str; 2] = ["xmlschema==4.3.2", "check-jsonschema==0.39.0"];
/// How long one file may take.
const FILE_MAX: Duration = Duration::from_secs(120);
const XSD: &str = "voc_schedule.xml.xsd";
const SCHEMA: &str = "voc_schema.json";
/// Real programmes, beside the schemas.
const REAL: [&str; 3] = ["fosdem-2025.xml", "38c3.xml", "pyconfr-2025_schedule.json"];
/// Scripts from right to left, signs that files escape, what is left out, a night, a zone with three parts.
const RICH: &str = include_str!("rich.json");

/// Imports programmes, exports them in both formats and validates what came out.
pub(super) fn run(place: &Workspace) -> Result<Counts, Failure> {
    let beside = place.root().join("../shared/data/programmes");
    if !beside.join(XSD).exists() {
        println!("{} is absent: nothing is validated", beside.join(XSD).display());
        return Ok(Counts::default());
    }
    let desk = Desk { tools: installed(place)?, beside, folder: place.target().join("exports"), place };
    // It may not be there yet.
    drop(std::fs::remove_dir_all(&desk.folder));
    written(&desk.folder.join("rich.json"), RICH.as_bytes())?;
    desk.plenum(&["tenant", "create", "acme", "--name", "Acme"])?;
    let mut counts = Counts::default();
    for programme in desk.programmes()? {
        counts += desk.validate(&programme)?;
    }
    Ok(counts)
}

/// The tools, in an environment of their own below `target/`.
fn installed(place: &Workspace) -> Result<PathBuf, Failure> {
    let home = place.target().join("schema-tools").join(TOOLS.concat().replace("==", "-"));
    let tools = home.join("bin");
    let answers = |name: &str| Program::new(&tools.join(name).display().to_string(), &["--help"]).succeeds();
    if !answers("xmlschema-validate") || !answers("check-jsonschema") {
        Program::new("python3", &["-m", "venv", "--clear", &home.display().to_string()]).run()?;
        let words = [&["install", "--quiet"][..], &TOOLS].concat();
        Program::new(&tools.join("pip").display().to_string(), &words).run()?;
    }
    Ok(tools)
}

struct Desk<'p> {
    tools: PathBuf,
    beside: PathBuf,
    folder: PathBuf,
    place: &'p Workspace,
}

impl Desk<'_> {
    fn plenum(&self, words: &[&str]) -> Result<String, Failure> {
        let program = self.place.target().join("debug/plenum").display().to_string();
        Program::new(&program, words).within(&self.folder).answer()
    }

    /// The files to import: ours, and the real ones, unpacked.
    fn programmes(&self) -> Result<Vec<PathBuf>, Failure> {
        let demo = self.place.root().join("config/demo-programme.xml");
        let mut files = vec![self.folder.join("rich.json"), demo];
        for name in REAL {
            let packed = self.beside.join(format!("{name}.xz")).display().to_string();
            let unpacked = Program::new("xz", &["-dkc", &packed]).answer()?;
            let file = self.folder.join(name);
            written(&file, unpacked.as_bytes())?;
            files.push(file);
        }
        Ok(files)
    }

    fn validate(&self, programme: &Path) -> Result<Counts, Failure> {
        let said = self.plenum(&["import", &programme.display().to_string(), "--tenant", "acme"])?;
        let id = said.split_once("conference ").and_then(|(_, rest)| rest.split([',', ' ', '\n']).next());
        let id = id.ok_or_else(|| Failure::new(format!("the import named no conference: {said}")))?;
        let mut counts = Counts::default();
        for (format, tool, schema, name) in [
            ("xml", "xmlschema-validate", "--schema", XSD),
            ("json", "check-jsonschema", "--schemafile", SCHEMA),
        ] {
            let out = self.folder.join(format!("{id}.{format}"));
            let export = self.plenum(&["export", id, "--tenant", "acme", "--format", format])?;
            written(&out, export.as_bytes())?;
            let tool = self.tools.join(tool).display().to_string();
            let (schema_file, file) =
                (self.beside.join(name).display().to_string(), out.display().to_string());
            let ended = Program::new(&tool, &[schema, &schema_file, &file]).run_and_keep(FILE_MAX)?;
            counts += Counts { passed: u64::from(ended.ok), failed: u64::from(!ended.ok) };
        }
        Ok(counts)
    }
}

fn written(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let done =
        file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(file, bytes));
    done.map_err(|error| Failure::while_doing(format!("writing {}", file.display()), &error))
}
