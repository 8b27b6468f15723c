//! A real hub for one test, and requests to it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

const PLENUM: &str = env!("CARGO_BIN_EXE_plenum");
/// Nothing of these tests takes longer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Hub {
    process: Child,
    pub(crate) folder: TempDir,
    pub(crate) url: String,
    /// The lines that it wrote after the one with its address.
    rest: Option<std::thread::JoinHandle<Vec<String>>>,
    agent: ureq::Agent,
}

/// What is left of a hub that was ended.
pub(crate) struct Stopped {
    pub(crate) status: std::process::ExitStatus,
    /// What it wrote after the line with its address.
    pub(crate) lines: Vec<String>,
    pub(crate) folder: TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The data of a success.
    pub(crate) fn data(&self) -> Value {
        let mut whole = self.json();
        assert_eq!(whole["success"], true, "{}", self.text);
        whole["data"].take()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        let whole = self.json();
        assert_eq!(whole["success"], false, "{}", self.text);
        whole["error"]["code"].as_str().expect("a refusal has a code").to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Hub {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts with these variables, and waits for the line that says where it listens.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), variables)
    }

    /// Kills it as a power cut would, and starts it again on the same folder.
    pub(crate) fn restart(mut self) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start_in(folder, &[])
    }

    pub(crate) fn start_in(folder: TempDir, variables: &[(&str, &str)]) -> Self {
        Self::spawn(folder, &["serve"], variables, "Plenum listens on ")
    }

    /// A hub that may have so many files open.
    pub(crate) fn start_with_files(files: u32, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = clean(Command::new("sh"), folder.path());
        shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\""), PLENUM, "serve"]);
        Self::spawn_as(shell, folder, variables, "Plenum listens on ")
    }

    /// `plenum demo` with so many people, and its join code.
    pub(crate) fn demo(attendees: &str) -> (Self, String) {
        let words = ["demo", "--attendees", attendees];
        let mut hub = Self::spawn(tempfile::tempdir().unwrap(), &words, &[], "  attendees   ");
        let (url, code) = hub.url.split_once("/j/").expect("the link ends with the code");
        let (url, code) = (url.to_owned(), code.to_owned());
        hub.url = url;
        (hub, code)
    }

    /// Starts a command that serves; its address follows `before` on one of its lines.
    fn spawn(folder: TempDir, words: &[&str], variables: &[(&str, &str)], before: &str) -> Self {
        let mut program = command(folder.path());
        program.args(words);
        Self::spawn_as(program, folder, variables, before)
    }

    fn spawn_as(mut program: Command, folder: TempDir, variables: &[(&str, &str)], before: &str) -> Self {
        let mut process = program
            .envs(variables.iter().copied())
            .env("PLENUM__SERVER__LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = process.stdout.take().expect("it was piped");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let said = lines.find_map(|line| line.strip_prefix(before).map(str::to_owned));
        let url = said.expect("the hub says where it listens");
        // Whoever reads no more must not stop the hub from writing.
        let rest = std::thread::spawn(move || lines.collect::<Vec<_>>());
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(DEADLINE));
        Self { process, folder, url, rest: Some(rest), agent: config.build().into() }
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body.is_empty() && method != "POST" {
            true => self.agent.run(request.body(()).unwrap()),
            false => self.agent.run(request.body(body).unwrap()),
        };
        read(answer.unwrap_or_else(|error| panic!("{method} {path}: {error}")))
    }

    /// A request to the API with a token (none when it is empty) and a JSON body.
    pub(crate) fn call(&self, method: &str, path: &str, token: &str, body: Option<&Value>) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("content-type", "application/json")];
        if !token.is_empty() {
            headers.push(("authorization", &bearer));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.request(method, &format!("/api/v1{path}"), &headers, body.as_bytes())
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Reply {
        self.call("GET", path, token, None)
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.call("POST", path, token, Some(body))
    }

    /// Runs another command on the hub's folder.
    pub(crate) fn command(&self, words: &[&str], input: &str) -> Output {
        run(self.folder.path(), words, input)
    }

    /// A tenant with an owner; the owner's token.
    pub(crate) fn tenant(&self, slug: &str) -> String {
        let made = self.command(&["tenant", "create", slug, "--name", slug, "--json"], "");
        assert!(made.status.success(), "{made:?}");
        self.user(slug, "owner");
        self.log_in(slug, &format!("owner@{slug}.example"))
    }

    pub(crate) fn user(&self, tenant: &str, role: &str) {
        let email = format!("{role}@{tenant}.example");
        let words =
            ["user", "create", "--tenant", tenant, "--email", &email, "--role", role, "--password-stdin"];
        let made = self.command(&words, PASSWORD);
        assert!(made.status.success(), "{made:?}");
    }

    pub(crate) fn log_in(&self, tenant: &str, email: &str) -> String {
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let headers = [("content-type", "application/json"), ("x-tenant-id", tenant)];
        let reply = self.request("POST", "/api/v1/auth/login", &headers, body.as_bytes());
        text(&reply.data()["access_token"])
    }

    /// An ongoing conference with one session: the conference and the session as they were answered.
    pub(crate) fn conference(&self, token: &str) -> (Value, Value) {
        let body = json!({"title": "Harbour Days", "time_zone": "Europe/Berlin", "starts_on": "2026-11-22", "ends_on": "2026-11-24"});
        let conference = self.post("/conferences", token, &body).data();
        let path = format!("/conferences/{}", text(&conference["id"]));
        let ongoing = json!({"status": "ongoing"});
        assert_eq!(self.call("PATCH", &format!("{path}/status"), token, Some(&ongoing)).status, 200);
        let body = json!({"title": "Opening", "starts_at": "2026-11-22T09:00:00Z", "ends_at": "2026-11-22T10:00:00Z", "hall": "Main"});
        let session = self.post(&format!("{path}/sessions"), token, &body).data();
        (conference, session)
    }

    /// Someone joins by code: what they were answered.
    pub(crate) fn join(&self, conference: &Value) -> Value {
        self.post("/auth/join", "", &json!({"code": conference["join_code"], "display_name": "Noor"})).data()
    }

    /// Sends its process a signal.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Ends the hub as an operator does, and waits for it.
    pub(crate) fn stop(mut self) -> Stopped {
        self.signal("-TERM");
        let status = self.process.wait().unwrap();
        let lines = self.rest.take().expect("it is taken once").join().unwrap();
        Stopped { status, lines, folder: std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap()) }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(response: Response<ureq::Body>) -> Reply {
    let (parts, mut body) = response.into_parts();
    // A picture is no text; what a test looks at is in its head.
    let text = String::from_utf8_lossy(&body.read_to_vec().unwrap()).into_owned();
    Reply { status: parts.status.as_u16(), headers: parts.headers, text }
}

/// The binary in this folder, without configuration of the machine that the tests run on.
fn command(folder: &Path) -> Command {
    clean(Command::new(PLENUM), folder)
}

fn clean(mut command: Command, folder: &Path) -> Command {
    let ours = std::env::vars_os().map(|(name, _)| name);
    ours.filter(|name| name.to_string_lossy().starts_with("PLENUM__")).for_each(|name| {
        command.env_remove(name);
    });
    command.current_dir(folder);
    command
}

/// Runs a command in a folder, to its end.
pub(crate) fn run(folder: &Path, words: &[&str], input: &str) -> Output {
    run_with(folder, words, input, &[])
}

pub(crate) fn run_with(folder: &Path, words: &[&str], input: &str, variables: &[(&str, &str)]) -> Output {
    let mut child = command(folder)
        .args(words)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have closed it.
    let _ = child.stdin.take().expect("it was piped").write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a command printed, as JSON.
pub(crate) fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The one line that a command failed with.
pub(crate) fn failure(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text.trim_end().to_owned()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Waits for something that happens a little later.
pub(crate) fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(20));
    }
}
