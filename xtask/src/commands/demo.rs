//! `cargo xtask demo`: from a fresh clone to a live conference with one command.

use std::time::{Instant, SystemTime};

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::{self, cargo, npm};
use crate::program::Program;
use crate::steps::seconds;
use crate::tree::Tree;
use crate::workspace::Workspace;

/// One thing that has to be ready before the demo starts.
struct Stage {
    what: &'static str,
    /// What to expect when it was never done here, on two cores.
    when_cold: &'static str,
    run: fn(&Workspace) -> Result<String, Failure>,
}

const STAGES: [Stage; 4] = [
    Stage { what: "Rust and Node", when_cold: "", run: check_tools },
    Stage { what: "npm packages", when_cold: "under a minute", run: npm_packages },
    Stage { what: "web client", when_cold: "under a minute", run: web_client },
    Stage {
        what: "hub (release build)",
        when_cold: "5 to 15 minutes, most of it packages that are built once",
        run: hub,
    },
];

/// Gets everything ready, says what it does and how long it took, and becomes `plenum demo`.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    let cold = !workspace.target().join("release/plenum").exists();
    for (at, stage) in STAGES.iter().enumerate() {
        let expect = if cold && !stage.when_cold.is_empty() {
            format!(": {}", stage.when_cold)
        } else {
            String::new()
        };
        println!("[{}/{}] {}{expect}", at + 1, STAGES.len(), stage.what);
        let started = Instant::now();
        let said = (stage.run)(workspace)?;
        println!("      {said} ({})", seconds(started.elapsed()));
    }
    let plenum = workspace.target().join("release/plenum");
    let program =
        Program::new(&plenum.to_string_lossy(), &["demo"]).words(&args.rest()).within(workspace.root());
    Err(program.become_it())
}

fn check_tools(workspace: &Workspace) -> Result<String, Failure> {
    let rust = cargo(workspace, &["--version"]).answer()?;
    Ok(format!("{}, node {}", rust.trim(), machine::check_node()?))
}

fn npm_packages(workspace: &Workspace) -> Result<String, Failure> {
    let installed = machine::install_npm_packages(workspace)?;
    Ok(if installed { "installed" } else { "there already" }.to_owned())
}

fn web_client(workspace: &Workspace) -> Result<String, Failure> {
    let built = machine::changed(&workspace.path("clients/web/build/index.html"));
    if built.is_some() && built >= newest_web_source(workspace)? {
        return Ok("built already".to_owned());
    }
    npm(workspace, &["run", "build"]).run()?;
    Ok("built".to_owned())
}

/// When the web client or the SDK under it was last changed.
fn newest_web_source(workspace: &Workspace) -> Result<Option<SystemTime>, Failure> {
    let tree = Tree::read(workspace.root())?;
    let sources = tree.files().iter().filter(|file| {
        file.path.starts_with("clients/web/")
            || file.path.starts_with("clients/sdk/")
            || file.path == "clients/package-lock.json"
    });
    Ok(sources.filter_map(|file| machine::changed(&workspace.path(&file.path))).max())
}

fn hub(workspace: &Workspace) -> Result<String, Failure> {
    cargo(workspace, &["build", "--release", "-p", "plenum-hub"]).run()?;
    Ok("built".to_owned())
}
