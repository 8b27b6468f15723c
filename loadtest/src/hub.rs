//! The hub under load: a process of its own on throw-away data, set up through its command line and REST.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{children, process};

/// How long a start may take.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an answer may take on a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);
/// How long a look at one figure may take.
const FIGURE_TIMEOUT: Duration = Duration::from_millis(500);
const PASSWORD: &str = "correct horse battery staple";

/// A hub and how to reach it.
pub(crate) struct Hub {
    program: PathBuf,
    folder: PathBuf,
    shards: u32,
    is_pinned: bool,
    child: Option<Child>,
    /// Besides those that every crowd's hub has.
    variables: Vec<(&'static str, String)>,
    /// A program that runs the hub's, and its words.
    under: Vec<String>,
    pub(crate) address: SocketAddr,
    /// The slug of the tenant that requests are for.
    tenant: &'static str,
    /// The token of its organiser.
    organiser: String,
}

/// A conference with one live session.
pub(crate) struct Stage {
    pub(crate) conference: String,
    pub(crate) code: String,
    pub(crate) session_id: String,
    pub(crate) session: String,
    pub(crate) qa: String,
    pub(crate) messaging: String,
}

/// A command that runs on the first core, where `taskset` is there; the load runs on the others. Start it with
/// [`children::start`].
pub(crate) fn pinned(program: &OsStr) -> Command {
    if Path::new("/usr/bin/taskset").exists() {
        let mut command = children::command(OsStr::new("taskset"));
        command.args(["-c", "0"]).arg(program);
        return command;
    }
    children::command(program)
}

impl Hub {
    /// Starts a hub on an empty folder, with a tenant and an organiser.
    ///
    /// # Errors
    /// The program cannot be run, or does not answer in time.
    pub(crate) fn start(program: &Path, folder: &Path, shards: u32) -> io::Result<Self> {
        Self::start_with(program, folder, shards, &[])
    }

    /// The same with these variables as well.
    pub(crate) fn start_with(
        program: &Path,
        folder: &Path,
        shards: u32,
        variables: &[(&'static str, String)],
    ) -> io::Result<Self> {
        let mut hub = Self::prepared(program, folder, shards, variables)?;
        hub.is_pinned = true;
        hub.found()?;
        hub.spawn()?;
        hub.sign_in()?;
        Ok(hub)
    }

    /// A hub that has an address and does not run yet, on all cores.
    ///
    /// # Errors
    /// There is no free port.
    pub(crate) fn prepared(
        program: &Path,
        folder: &Path,
        shards: u32,
        variables: &[(&'static str, String)],
    ) -> io::Result<Self> {
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            shards,
            is_pinned: false,
            child: None,
            address: free_port()?,
            tenant: "load",
            organiser: String::new(),
            variables: variables.to_vec(),
            under: Vec::new(),
        })
    }

    /// The same process for another tenant, which is made.
    ///
    /// # Errors
    /// What the program says is wrong.
    pub(crate) fn beside(&self, tenant: &'static str) -> io::Result<Self> {
        let mut other = Self::prepared(&self.program, &self.folder, self.shards, &self.variables)?;
        (other.address, other.tenant) = (self.address, tenant);
        other.found()?;
        other.sign_in()?;
        Ok(other)
    }

    /// Makes the tenant and its organiser in the store.
    pub(crate) fn found(&self) -> io::Result<()> {
        self.run(&["tenant", "create", self.tenant, "--name", self.tenant, "--json"], "")?;
        let user = [
            "user",
            "create",
            "--tenant",
            self.tenant,
            "--email",
            "organiser@example.org",
            "--role",
            "owner",
        ];
        self.run(&[&user[..], &["--password-stdin", "--json"]].concat(), PASSWORD)
    }

    /// Signs the organiser in.
    pub(crate) fn sign_in(&mut self) -> io::Result<()> {
        let login = json!({"email": "organiser@example.org", "password": PASSWORD});
        self.organiser = text(&self.post("/auth/login", None, &login)?["access_token"])?;
        Ok(())
    }

    /// Starts the process on the same folder and port, and waits until it answers.
    pub(crate) fn spawn(&mut self) -> io::Result<()> {
        let program = self.under.first().map_or(self.program.as_os_str(), OsStr::new);
        let mut command = if self.is_pinned { pinned(program) } else { children::command(program) };
        if let Some(words) = self.under.get(1..) {
            command.args(words).arg(&self.program);
        }
        self.environment(&mut command);
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("hub.log"))?;
        command.arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(children::start(command)?);
        let start = Instant::now();
        while !self.answers() {
            if start.elapsed() > START_TIMEOUT {
                let log = std::fs::read_to_string(self.folder.join("hub.log")).unwrap_or_default();
                return Err(io::Error::other(format!("the hub does not answer: {log}")));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Over TLS it is enough that somebody listens: requests are not sent that way from here.
    fn answers(&self) -> bool {
        match self.variables.iter().any(|(name, _)| name.contains("__TLS__")) {
            true => std::net::TcpStream::connect(self.address).is_ok(),
            false => {
                let request = ureq::get(format!("http://{}/livez", self.address)).config();
                request.timeout_global(Some(FIGURE_TIMEOUT)).build().call().is_ok()
            }
        }
    }

    fn environment(&self, command: &mut Command) {
        command
            .current_dir(&self.folder)
            .env("PLENUM__SERVER__LISTEN", self.address.to_string())
            .env("PLENUM__SERVER__SHARDS", self.shards.to_string())
            .env("PLENUM__LIMITS__JOINS_PER_ADDRESS_PER_MIN", "0")
            .env("PLENUM__LIMITS__SOCKETS_PER_PARTICIPANT", "0")
            .env("PLENUM__LIMITS__SOCKETS_PER_ADDRESS", "0")
            .env("PLENUM__LIMITS__COMMANDS_PER_S", "0")
            .env("PLENUM__AUTH__ACCESS_TTL_S", "7200")
            .env("PLENUM__TELEMETRY__LOG", "warn")
            .envs(self.variables.iter().map(|(name, value)| (*name, value)));
    }

    /// From its next start on it has the first core alone.
    pub(crate) fn pin(&mut self) {
        self.is_pinned = true;
    }

    /// Runs a command of the hub's program on its configuration.
    ///
    /// # Errors
    /// What the program says is wrong.
    pub(crate) fn administer(&self, arguments: &[&str]) -> io::Result<()> {
        self.run(arguments, "")
    }

    fn run(&self, arguments: &[&str], input: &str) -> io::Result<()> {
        let mut command = Command::new(&self.program);
        self.environment(&mut command);
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let mut trouble = String::new();
        if let Some(stderr) = child.stderr.take() {
            BufReader::new(stderr).read_line(&mut trouble)?;
        }
        if child.wait()?.success() {
            Ok(())
        } else {
            Err(io::Error::other(format!("plenum {}: {trouble}", arguments.join(" "))))
        }
    }

    /// Ends the process and starts it with these variables as well.
    pub(crate) fn restart_with(&mut self, variables: &[(&'static str, &str)]) -> io::Result<()> {
        self.kill()?;
        self.variables.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.spawn()
    }

    /// Ends the process and starts it under another program.
    pub(crate) fn restart_under(&mut self, words: &[&str]) -> io::Result<()> {
        self.kill()?;
        self.under = words.iter().map(|word| (*word).to_owned()).collect();
        self.spawn()
    }

    /// The page of /metrics.
    pub(crate) fn metrics(&self) -> io::Result<String> {
        let page = ureq::get(format!("http://{}/metrics", self.address)).call().map_err(io::Error::other)?;
        page.into_body().read_to_string().map_err(io::Error::other)
    }

    /// What `/readyz` says, whatever its status.
    pub(crate) fn readiness(&self) -> io::Result<Value> {
        let request = ureq::get(format!("http://{}/readyz", self.address));
        let response = patient(request).call();
        response.and_then(|mut response| response.body_mut().read_json()).map_err(io::Error::other)
    }

    /// A figure of /metrics; none when the hub does not answer at once, or has no such figure yet.
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        let request = ureq::get(format!("http://{}/metrics", self.address)).config();
        let page = request.timeout_global(Some(FIGURE_TIMEOUT)).build().call().ok()?;
        let page = page.into_body().read_to_string().ok()?;
        let value = |line: &str| line.strip_prefix(name)?.trim().parse().ok();
        page.lines().find_map(value)
    }

    /// Tells the process to end as an operator does, and waits for it. Returns whether it ended well; one that has not
    /// ended in time is killed.
    ///
    /// # Errors
    /// There is no such process.
    pub(crate) async fn stop(&mut self, within: Duration) -> io::Result<bool> {
        process::signal(self.pid(), "TERM")?;
        let start = Instant::now();
        while let Some(child) = &mut self.child {
            if let Some(status) = child.try_wait()? {
                self.child = None;
                return Ok(status.success());
            }
            if start.elapsed() > within {
                self.kill()?;
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(true)
    }

    /// Starts again with so many shards on all cores.
    pub(crate) fn on_all_cores(&mut self, shards: u32) -> io::Result<()> {
        self.kill()?;
        (self.is_pinned, self.shards) = (false, shards);
        crate::process::take_all_cores();
        self.spawn()
    }

    /// Ends the process as a power cut would.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    pub(crate) fn token(&self) -> &str {
        &self.organiser
    }

    /// Where a path of REST is.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    /// A request of the organiser's.
    pub(crate) fn by_organiser<Any>(&self, request: ureq::RequestBuilder<Any>) -> ureq::RequestBuilder<Any> {
        let request = request.header("X-Tenant-ID", self.tenant);
        patient(request.header("Authorization", format!("Bearer {}", self.organiser)))
    }

    /// Sends a request of REST. Returns its `data`.
    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> io::Result<Value> {
        let mut request = ureq::post(self.url(path)).header("X-Tenant-ID", self.tenant);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        answer(path, patient(request).send_json(body))
    }

    pub(crate) fn get(&self, path: &str) -> io::Result<Value> {
        let request = self.by_organiser(ureq::get(self.url(path)));
        answer(path, request.call())
    }

    /// A piece of a long stream, and the cursor that leads to the next.
    pub(crate) fn piece(&self, path: &str) -> io::Result<(Value, Option<String>)> {
        let request = self.by_organiser(ureq::get(self.url(path)));
        let body = body(path, request.call())?;
        Ok((body["data"].clone(), body["meta"]["cursor"]["next"].as_str().map(str::to_owned)))
    }

    /// A conference that goes on, with a session.
    pub(crate) fn stage(&self, title: &str) -> io::Result<Stage> {
        let token = Some(self.organiser.as_str());
        let conference = json!({"title": title, "time_zone": "Europe/Berlin", "starts_on": "2026-11-22", "ends_on": "2026-11-23"});
        let conference = self.post("/conferences", token, &conference)?;
        let id = text(&conference["id"])?;
        for status in ["published", "ongoing"] {
            self.patch(&format!("/conferences/{id}/status"), &json!({"status": status}))?;
        }
        let (session_id, session, qa, messaging) = self.session(&id, "Keynote")?;
        Ok(Stage {
            conference: id,
            code: text(&conference["join_code"])?,
            session_id,
            session,
            qa,
            messaging,
        })
    }

    /// One more session of the conference. Returns its room.
    pub(crate) fn add_session(&self, stage: &Stage, title: &str) -> io::Result<String> {
        Ok(self.session(&stage.conference, title)?.1)
    }

    /// Another session of a conference: its id, and its rooms session, qa and messaging.
    pub(crate) fn session(
        &self,
        conference: &str,
        title: &str,
    ) -> io::Result<(String, String, String, String)> {
        let times =
            json!({"title": title, "starts_at": "2026-11-22T09:00:00Z", "ends_at": "2026-11-22T10:00:00Z"});
        let session =
            self.post(&format!("/conferences/{conference}/sessions"), Some(&self.organiser), &times)?;
        let room = |name: &str| text(&session["rooms"][name]);
        Ok((text(&session["id"])?, room("session")?, room("qa")?, room("messaging")?))
    }

    fn patch(&self, path: &str, body: &Value) -> io::Result<Value> {
        let request = self.by_organiser(ureq::patch(self.url(path)));
        answer(path, request.send_json(body))
    }

    /// A poll of the stage's session, open. Returns its id and room.
    pub(crate) fn open_poll(&self, stage: &Stage, change_vote: bool) -> io::Result<(String, String)> {
        self.open_poll_with(stage, &stage.session_id, change_vote, "always")
    }

    /// A poll whose votes may change and are shown to nobody before its end. Returns its room.
    pub(crate) fn open_quiet_poll(&self, stage: &Stage) -> io::Result<String> {
        self.open_quiet_poll_of(stage, &stage.session_id)
    }

    /// The same in another session of the conference.
    pub(crate) fn open_quiet_poll_of(&self, stage: &Stage, session: &str) -> io::Result<String> {
        Ok(self.open_poll_with(stage, session, true, "after_close")?.1)
    }

    fn open_poll_with(
        &self,
        stage: &Stage,
        session: &str,
        change_vote: bool,
        results: &str,
    ) -> io::Result<(String, String)> {
        let token = Some(self.organiser.as_str());
        let poll = json!({
            "session_id": session, "title": "Which one?", "kind": "single", "anonymous": false,
            "options": [{"id": "a", "label": "One"}, {"id": "b", "label": "Two"}, {"id": "c", "label": "Three"}],
            "results": results, "change_vote": change_vote,
        });
        let poll = self.post(&format!("/conferences/{}/polls", stage.conference), token, &poll)?;
        let id = text(&poll["id"])?;
        self.post(&format!("/polls/{id}/open"), token, &json!({}))?;
        Ok((id, text(&poll["room"])?))
    }

    /// The token of a screen that follows the stage's session.
    pub(crate) fn pair_screen(&self, stage: &Stage) -> io::Result<String> {
        let offer = self.post("/auth/screens/pair", None, &json!({}))?;
        let place =
            json!({"pairing_code": offer["pairing_code"], "name": "Hall", "session_id": stage.session_id});
        self.post(&format!("/conferences/{}/screens", stage.conference), Some(&self.organiser), &place)?;
        text(
            &self.post("/auth/screens/token", None, &json!({"poll_token": offer["poll_token"]}))?["access_token"],
        )
    }

    /// Attendee tokens, by the join code on the slide.
    pub(crate) fn join_people(&self, stage: &Stage, people: usize) -> io::Result<Vec<String>> {
        join_people_at(self.address, &stage.code, people)
    }
}

/// The same without the hub at hand.
pub(crate) fn join_people_at(hub: SocketAddr, code: &str, people: usize) -> io::Result<Vec<String>> {
    let agent = ureq::Agent::new_with_defaults();
    let join = |n: usize| {
        let request = agent.post(format!("http://{hub}/api/v1/auth/join"));
        let body = json!({"code": code, "display_name": format!("Person {n}")});
        let joined = answer("/auth/join", patient(request).send_json(&body))?;
        text(&joined["access_token"])
    };
    (0..people).map(join).collect()
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

/// An address of loopback that nobody listens on.
pub(crate) fn free_port() -> io::Result<SocketAddr> {
    std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()
}

pub(crate) fn text(value: &Value) -> io::Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| io::Error::other("the hub's answer lacks a field"))
}

/// A request that waits for a busy machine; a refusal is an answer.
fn patient<Any>(request: ureq::RequestBuilder<Any>) -> ureq::RequestBuilder<Any> {
    request.config().http_status_as_error(false).timeout_global(Some(ANSWERED_WITHIN)).build()
}

type Response = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

fn answer(path: &str, response: Response) -> io::Result<Value> {
    body(path, response).map(|mut body| body["data"].take())
}

/// The whole body of an answer that says that it was done.
fn body(path: &str, response: Response) -> io::Result<Value> {
    let mut response = response.map_err(|error| io::Error::other(format!("{path}: {error}")))?;
    let body: Value =
        response.body_mut().read_json().map_err(|error| io::Error::other(format!("{path}: {error}")))?;
    match body["success"].as_bool() {
        Some(true) => Ok(body),
        _ => Err(io::Error::other(format!("{path}: {}", body["error"]))),
    }
}
