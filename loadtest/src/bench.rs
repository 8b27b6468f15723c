//! The figures that are kept in docs/benchmarks: measured together, written down with machine and command, and compared
//! with those that were written down last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::scenario::{Options, Scenario};

/// Where figures are kept, from the workspace's root.
const FOLDER: &str = "docs/benchmarks";
/// One measurement: what its figures are called, and how the scenario is run.
struct Row(&'static str, Scenario, usize, &'static str, u32);

/// What is measured: people, codec and audiences of each.
const MEASURED: [Row; 17] = [
    Row("fanout", Scenario::Fanout, 5_000, "mixed", 1),
    Row("fanout_1000", Scenario::Fanout, 1_000, "json", 1),
    Row("fanout_9900", Scenario::Fanout, 9_900, "json", 1),
    Row("fanout_audiences", Scenario::Fanout, 5_000, "mixed", 3),
    Row("crush_1000", Scenario::Crush, 1_000, "msgpack", 1),
    Row("crush_5000", Scenario::Crush, 5_000, "msgpack", 1),
    Row("small_rooms", Scenario::SmallRooms, 5_000, "mixed", 1),
    Row("acks", Scenario::Acks, 1_000, "mixed", 1),
    Row("joins", Scenario::Joins, 10_000, "mixed", 1),
    Row("idle", Scenario::Idle, 19_000, "mixed", 1),
    Row("hall", Scenario::Hall, 10_000, "mixed", 1),
    Row("keynote_vote", Scenario::KeynoteVote, 5_000, "mixed", 1),
    Row("reconnect_wave", Scenario::ReconnectWave, 10_000, "mixed", 1),
    Row("qa_storm", Scenario::QaStorm, 1_000, "mixed", 1),
    Row("chat", Scenario::Chat, 500, "mixed", 1),
    Row("slow_phones", Scenario::SlowPhones, 1_000, "mixed", 1),
    Row("mixed", Scenario::Mixed, 1_000, "mixed", 1),
];
/// Figures that do not depend on how busy the machine is; a run may not be worse by more than [`WORSE`].
const COMPARED: [(&str, &str); 2] = [("fanout", "ratio_to_bare_loop"), ("fanout", "kb_per_idle_socket")];
const WORSE: f64 = 1.10;

/// Measures everything. Without `compare` the figures are written down; with it, they are compared and nothing is written.
/// Returns whether all is well.
pub(crate) async fn run(hub: &Path, compare: bool) -> io::Result<bool> {
    let mut measured = Map::new();
    let mut page = String::from(
        "# Figures\n\nServer on one core, load on the other, hub and load as they are shipped (release build), loopback.\n\n",
    );
    let mut is_well = true;
    for Row(name, scenario, people, codec, audiences) in MEASURED {
        eprintln!("measuring {name} with {people} people");
        let (hub, codec) = (hub.to_owned(), codec.to_owned());
        let options = Options { hub, people, seconds: 5, shards: 1, codec, audiences };
        let command = format!(
            "cargo xtask loadtest run {} --people {people} --codec {} --audiences {audiences}",
            scenario.name(),
            options.codec
        );
        let figures = scenario.run(&options).await?;
        is_well &= figures.faults.is_empty();
        page.push_str(&figures.markdown(name, &command));
        page.push('\n');
        measured.insert(name.to_owned(), figures.json(scenario.name(), &command));
    }
    println!("{page}");
    if compare {
        return Ok(compared(&Value::Object(measured))? && is_well);
    }
    write_down(&Value::Object(measured), &page)?;
    Ok(is_well)
}

fn write_down(measured: &Value, page: &str) -> io::Result<()> {
    fs::create_dir_all(FOLDER)?;
    let name = format!("{}-{}", said("date", &["+%F"])?, said("git", &["rev-parse", "--short", "HEAD"])?);
    fs::write(Path::new(FOLDER).join(format!("{name}.md")), page)?;
    let all = json!({"name": name, "measured": measured});
    fs::write(Path::new(FOLDER).join(format!("{name}.json")), serde_json::to_string_pretty(&all)? + "\n")?;
    eprintln!("written to {FOLDER}/{name}.md");
    Ok(())
}

/// What a command prints, without the line's end.
fn said(program: &str, arguments: &[&str]) -> io::Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Compares with the newest figures that were written down.
fn compared(measured: &Value) -> io::Result<bool> {
    let Some(newest) = newest()? else {
        return Err(io::Error::other(format!("{FOLDER} holds no figures yet; run without --compare first")));
    };
    let kept: Value = serde_json::from_slice(&fs::read(&newest)?)?;
    let mut is_well = true;
    for (scenario, figure) in COMPARED {
        let value = |of: &Value| of[scenario]["figures"][figure]["value"].as_f64();
        let (Some(before), Some(now)) = (value(&kept["measured"]), value(measured)) else { continue };
        let (is_worse, change) = (now > before * WORSE, (now / before - 1.0) * 100.0);
        let word = if is_worse { "WORSE" } else { "well" };
        println!("{scenario} {figure}: {now} now, {before} in {}, {change:+.1} %: {word}", newest.display());
        is_well &= !is_worse;
    }
    Ok(is_well)
}

fn newest() -> io::Result<Option<PathBuf>> {
    let Ok(folder) = fs::read_dir(FOLDER) else { return Ok(None) };
    let files = folder.filter_map(|entry| Some(entry.ok()?.path()));
    let kept = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let figures = kept.filter(|path| path.file_name().is_some_and(|name| name != crate::instructions::FILE));
    // The name begins with the day; on one day it is the file that was written last.
    let age = |path: &PathBuf| {
        let day = path.file_name().map(|name| name.to_string_lossy().chars().take(10).collect::<String>());
        (day, fs::metadata(path).and_then(|data| data.modified()).ok())
    };
    Ok(figures.max_by_key(age))
}
