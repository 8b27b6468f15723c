//! What a process costs, from `/proc`.

use std::{fs, io};

/// CPU time of a process so far, in nanoseconds, all threads together, user and system. Threads that ended are not in it:
/// a server's live as long as it does.
pub(crate) fn cpu_ns(pid: u32) -> u64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return 0 };
    let spent = |path: std::path::PathBuf| {
        let stat = fs::read_to_string(path.join("schedstat")).ok()?;
        stat.split_whitespace().next()?.parse::<u64>().ok()
    };
    threads.filter_map(|thread| spent(thread.ok()?.path())).sum()
}

/// CPU time of a process so far, in microseconds.
pub(crate) fn cpu_us(pid: u32) -> u64 {
    cpu_ns(pid) / 1_000
}

/// Leaves the first core to the server, where `taskset` is there and there is another one.
pub(crate) fn leave_the_first_core() {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if cores > 1 {
        set_cores(&format!("1-{}", cores - 1));
    }
}

/// Runs on every core again.
pub(crate) fn take_all_cores() {
    set_cores("0-1023");
}

fn set_cores(cores: &str) {
    let me = std::process::id().to_string();
    // Where it cannot be set, figures are less steady; they are still true.
    let _ = std::process::Command::new("taskset").args(["-a", "-c", "-p", cores, &me]).output();
}

/// Sends a signal to one process.
///
/// # Errors
/// There is no such process.
pub(crate) fn signal(pid: u32, name: &str) -> io::Result<()> {
    if pid == 0 {
        return Err(io::Error::other("the process does not run"));
    }
    let status = std::process::Command::new("kill").args([format!("-{name}"), pid.to_string()]).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("kill -{name} {pid}: {status}"))) }
}

/// Resident memory of a process, in bytes.
pub(crate) fn rss_bytes(pid: u32) -> u64 {
    kib_of(&format!("/proc/{pid}/status"), "VmRSS:") * 1_024
}

/// Its share of the memory that it and others of the same program have: a page of two processes counts half for each.
pub(crate) fn pss_bytes(pid: u32) -> u64 {
    kib_of(&format!("/proc/{pid}/smaps_rollup"), "Pss:") * 1_024
}

fn kib_of(path: &str, name: &str) -> u64 {
    let page = fs::read_to_string(path).unwrap_or_default();
    let line = page.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default()
}

/// What the machine is, for reports.
pub(crate) fn machine() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown CPU");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Not what this process may use: it leaves the first core to the server.
    let cores = cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
    format!("{cores} cores,{}, Linux {}", model.trim_start_matches([':', '\t', ' ']).trim(), kernel.trim())
        .replacen(',', ", ", 1)
}
