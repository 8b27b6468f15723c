//! The figures that are kept in docs/benchmarks: measured together, written down with machine and command, and compared
//! with those that were written down last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::figures::{Figures, number};
use crate::scenario::{Options, Scenario};

/// Where figures are kept, from the workspace's root.
const FOLDER: &str = "docs/benchmarks";
/// One measurement: what its figures are called, how the scenario is run (people, codec, audiences), and how many times;
/// of several times each figure's middle is kept. A fan-out takes the middle of nine turns by itself.
struct Row(&'static str, Scenario, usize, &'static str, u32, usize);

/// What is measured. `idle_hundred_thousand` is not: it takes minutes by itself, and is run by its own command.
const MEASURED: [Row; 19] = [
    Row("fanout", Scenario::Fanout, 5_000, "mixed", 1, 1),
    Row("fanout_1000", Scenario::Fanout, 1_000, "json", 1, 1),
    Row("fanout_9900", Scenario::Fanout, 9_900, "json", 1, 1),
    Row("fanout_audiences", Scenario::Fanout, 5_000, "mixed", 3, 1),
    Row("crush_1000", Scenario::Crush, 1_000, "msgpack", 1, 3),
    Row("crush_5000", Scenario::Crush, 5_000, "msgpack", 1, 3),
    Row("small_rooms", Scenario::SmallRooms, 5_000, "mixed", 1, 3),
    Row("acks", Scenario::Acks, 1_000, "mixed", 1, 3),
    Row("joins", Scenario::Joins, 10_000, "mixed", 1, 3),
    Row("reconnect_wave", Scenario::ReconnectWave, 10_000, "mixed", 1, 3),
    Row("idle", Scenario::Idle, 19_000, "mixed", 1, 1),
    Row("hall", Scenario::Hall, 10_000, "mixed", 1, 3),
    Row("slow_phones", Scenario::SlowPhones, 1_000, "mixed", 1, 1),
    Row("two_shards", Scenario::TwoShards, 5_000, "mixed", 1, 1),
    Row("secured", Scenario::Secured, 2_000, "json", 1, 1),
    Row("keynote_vote", Scenario::KeynoteVote, 5_000, "mixed", 1, 1),
    Row("qa_storm", Scenario::QaStorm, 1_000, "mixed", 1, 1),
    Row("chat", Scenario::Chat, 500, "mixed", 1, 1),
    Row("mixed", Scenario::Mixed, 1_000, "mixed", 1, 1),
];
/// How the figures are called that depend little on how busy and how fast the machine is: costs in bare loops of the same
/// run, and memory. None of them may get worse by more than [`WORSE`].
const COMPARED: [&str; 2] = ["ratio_", "kb_per_"];
const WORSE: f64 = 1.10;

/// Measures everything. Without `compare` the figures are written down; with it, they are compared and nothing is written.
/// Returns whether all is well.
pub(crate) async fn run(hub: &Path, compare: bool) -> io::Result<bool> {
    let mut measured = Map::new();
    let mut page = String::from(
        "# Figures\n\nServer on one core, load on the other, hub and load as they are shipped (release build), loopback.\n\n",
    );
    let mut is_well = true;
    for Row(name, scenario, people, codec, audiences, times) in MEASURED {
        eprintln!("measuring {name} with {people} people, {times} times");
        let (hub, codec) = (hub.to_owned(), codec.to_owned());
        let options = Options { hub, people, seconds: 5, shards: 1, codec, audiences };
        let command = format!(
            "cargo xtask loadtest run {} --people {people} --codec {} --audiences {audiences}",
            scenario.name(),
            options.codec
        );
        let mut runs = Vec::with_capacity(times);
        for _ in 0..times {
            runs.push(scenario.run(&options).await?);
        }
        let figures = Figures::middle(runs);
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
    println!("compared with {}:", newest.display());
    Ok(judge(measured, &kept["measured"]))
}

/// Says of each figure that is compared how it changed. Returns whether none is much worse.
fn judge(measured: &Value, kept: &Value) -> bool {
    let mut is_well = true;
    for (row, was) in kept.as_object().into_iter().flatten() {
        for (figure, before) in was["figures"].as_object().into_iter().flatten().filter(is_compared) {
            let now = number(&measured[row]["figures"][figure]);
            // Nothing can be a tenth more than none at all.
            let (Some(before), Some(now)) = (number(before).filter(|before| *before > 0.0), now) else {
                continue;
            };
            let (is_worse, change) = (now > before * WORSE, (now / before - 1.0) * 100.0);
            let word = if is_worse { "WORSE" } else { "well" };
            println!("{row} {figure}: {now} now, {before} kept, {change:+.1} %: {word}");
            is_well &= !is_worse;
        }
    }
    is_well
}

fn is_compared((name, _): &(&String, &Value)) -> bool {
    COMPARED.iter().any(|beginning| name.starts_with(beginning))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_that_got_a_tenth_worse_is_a_fault_and_a_time_is_not() {
        let of = |ratio: f64, kb: f64, p99: f64| {
            let figures = json!({"ratio_to_bare_loop": {"value": ratio, "goal": 1.25}, "kb_per_idle_socket": kb, "p99_ms": p99});
            json!({"fanout": {"figures": figures}})
        };
        let kept = of(1.2, 1.0, 10.0);
        assert!(judge(&of(1.3, 1.05, 90.0), &kept));
        assert!(!judge(&of(1.33, 1.0, 10.0), &kept), "the ratio");
        assert!(!judge(&of(1.2, 1.2, 10.0), &kept), "the memory");
        assert!(judge(&of(1.2, 1.0, 10.0), &json!({})), "what is not kept yet cannot be worse");
        assert!(judge(&of(1.2, 1.0, 10.0), &of(1.2, 0.0, 10.0)), "nor can what was nothing");
    }
}
