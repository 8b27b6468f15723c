//! Hubs that share what hubs share, with a conference that goes on.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::hub::{Hub, PASSWORD, Reply, printed, run_with, text};
use crate::server::Server;
use crate::wire::Socket;

/// Generous: the machine may be busy.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);

/// Some hubs; the store and the Redis that they share; a poll that is open.
pub(super) struct Hall {
    hubs: Vec<Option<Hub>>,
    pub(super) redis: Server,
    shared: TempDir,
    /// Variables besides those that all halls have.
    more: Vec<(&'static str, String)>,
    /// The owner's token.
    pub(super) owner: String,
    pub(super) conference: Value,
    pub(super) session: Value,
    pub(super) poll: String,
}

impl Hall {
    /// So many hubs; none where there is no Redis.
    pub(super) fn of(hubs: usize) -> Option<Self> {
        Self::with(hubs, &[])
    }

    /// The same with these variables as well.
    pub(super) fn with(hubs: usize, variables: &[(&'static str, String)]) -> Option<Self> {
        let mut hall = Self::empty(Server::start()?);
        hall.more = variables.to_vec();
        hall.found();
        (0..hubs).for_each(|_| hall.hubs.push(None));
        (0..hubs).for_each(|n| hall.start(n));
        hall.furnish();
        Some(hall)
    }

    /// A hall whose only hub runs over this Redis, and that has nothing in it.
    pub(super) fn bare(redis: Server) -> Self {
        let mut hall = Self::empty(redis);
        hall.hubs.push(None);
        hall.found();
        hall.start(0);
        hall
    }

    fn empty(redis: Server) -> Self {
        let (owner, poll) = (String::new(), String::new());
        let shared = tempfile::tempdir().unwrap();
        Self {
            hubs: Vec::new(),
            redis,
            shared,
            more: Vec::new(),
            owner,
            conference: json!({}),
            session: json!({}),
            poll,
        }
    }

    pub(super) fn store_url(&self) -> String {
        format!("sqlite:{}", self.shared.path().join("store.db").display())
    }

    fn variables(&self, n: usize) -> Vec<(&'static str, String)> {
        let file = |name: &str| self.shared.path().join(name).display().to_string();
        let own = vec![
            ("PLENUM__NODE__ID", format!("hub-{n}")),
            ("PLENUM__NODE__LISTEN", "127.0.0.1:0".to_owned()),
            ("PLENUM__REDIS__URL", self.redis.url()),
            ("PLENUM__STORE__URL", self.store_url()),
            ("PLENUM__AUTH__SECRET_FILE", file("secret")),
            ("PLENUM__SERVER__DRAIN_MS", "1000".to_owned()),
            ("PLENUM__SERVER__SHARDS", "1".to_owned()),
        ];
        [own, self.more.clone()].concat()
    }

    /// Runs a command with what the hubs have.
    pub(super) fn command(&self, words: &[&str], input: &str) -> std::process::Output {
        let variables = self.variables(0);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
        run_with(self.shared.path(), words, input, &variables)
    }

    /// A tenant with its owner.
    fn found(&self) {
        printed(&self.command(&["tenant", "create", "acme", "--name", "Acme", "--json"], ""));
        let user =
            ["user", "create", "--tenant", "acme", "--email", "o@acme.example", "--role", "owner", "--json"];
        printed(&self.command(&[&user[..], &["--password-stdin"]].concat(), PASSWORD));
    }

    /// Starts a hub, again or for the first time.
    pub(super) fn start(&mut self, n: usize) {
        let variables = self.variables(n);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.hubs[n] = Some(Hub::start_with(&variables));
        self.owner = self.hub(n).log_in("acme", "o@acme.example");
    }

    /// A conference with a session and an open poll, by way of the first hub.
    pub(super) fn furnish(&mut self) {
        (self.conference, self.session) = self.hub(0).conference(&self.owner);
        let body = json!({"session_id": self.session["id"], "title": "Tea?", "kind": "single", "results": "always",
            "change_vote": true, "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]});
        let path = format!("/conferences/{}/polls", text(&self.conference["id"]));
        let poll = self.hub(0).post(&path, &self.owner, &body).data();
        self.poll = text(&poll["id"]);
        self.hub(0).post(&format!("/polls/{}/open", self.poll), &self.owner, &json!({})).data();
    }

    pub(super) fn hub(&self, n: usize) -> &Hub {
        self.hubs[n].as_ref().expect("this hub runs")
    }

    /// The hubs that run.
    fn running(&self) -> impl Iterator<Item = (usize, &Hub)> {
        self.hubs.iter().enumerate().filter_map(|(n, hub)| Some((n, hub.as_ref()?)))
    }

    /// The hub that owns the conference.
    pub(super) fn owner_node(&self) -> usize {
        self.wait_until_owned_but_by(usize::MAX)
    }

    /// Waits until a hub owns the conference that is not this one.
    pub(super) fn wait_until_owned_but_by(&self, former: usize) -> usize {
        let start = Instant::now();
        loop {
            let others = || self.running().filter(|(n, _)| *n != former);
            let owner = others().find(|(_, hub)| figure(hub, "plenum_leases_held") == Some(1.0));
            if let Some((n, _)) = owner {
                return n;
            }
            assert!(start.elapsed() < DEADLINE, "nobody owns the conference");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Someone who joined by code: their token.
    pub(super) fn person(&self, n: usize) -> String {
        text(&self.hub(n).join(&self.conference)["access_token"])
    }

    /// A socket at a hub that has said hello.
    pub(super) fn socket(&self, n: usize, token: &str) -> Socket {
        let address = self.hub(n).url.trim_start_matches("http://");
        let mut socket = Socket::over(TcpStream::connect(address).unwrap(), "plenum.v1.json");
        let said = socket.ask(json!({"op": "hello", "data": {"token": token, "client": "test/1"}}));
        assert!(said["ok"]["participant"].is_string(), "{said}");
        socket
    }

    /// A person's socket at a hub, in a room.
    pub(super) fn come(&self, n: usize, token: &str, room: &str) -> Socket {
        let mut socket = self.socket(n, token);
        let joined = socket.ask(json!({"op": "join", "room": room}));
        assert!(joined["ok"]["state"].is_object(), "{joined}");
        socket
    }

    pub(super) fn room(&self) -> String {
        format!("poll:{}", self.poll)
    }

    pub(super) fn session_room(&self) -> String {
        text(&self.session["rooms"]["session"])
    }

    /// A vote, as a command.
    pub(super) fn vote(&self, key: u128, option: &str) -> Value {
        let key = plenum_domain::Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + key).to_string();
        json!({"op": "poll.vote", "room": self.room(), "key": key, "data": {"options": [option]}})
    }

    /// A vote over REST.
    pub(super) fn post_vote(&self, n: usize, token: &str, option: &str) -> Reply {
        self.hub(n).post(&format!("/polls/{}/vote", self.poll), token, &json!({"options": [option]}))
    }

    /// The votes for both options, as a hub shows them.
    pub(super) fn results(&self, n: usize) -> (u64, u64) {
        let results = self.hub(n).get(&format!("/polls/{}/results", self.poll), &self.owner).data();
        let votes = |at: usize| results["options"][at]["votes"].as_u64().unwrap();
        (votes(0), votes(1))
    }

    /// One part of /readyz: its status and its reason.
    pub(super) fn ready(&self, n: usize, part: &str) -> (String, String) {
        let ready = self.hub(n).request("GET", "/readyz", &[], b"").json();
        (text(&ready[part]["status"]), text(&ready[part]["reason"]))
    }

    /// Waits until a part of /readyz has this status; its reason.
    pub(super) fn wait_until_ready(&self, n: usize, part: &str, status: &str) -> String {
        let start = Instant::now();
        loop {
            let (now, reason) = self.ready(n, part);
            if now == status {
                return reason;
            }
            assert!(start.elapsed() < DEADLINE, "{part} is {now} ({reason}), not {status}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// kill -9.
    pub(super) fn kill(&mut self, n: usize) {
        drop(self.hubs[n].take());
    }

    /// SIGTERM; whether it ended well.
    pub(super) fn stop(&mut self, n: usize) -> bool {
        self.hubs[n].take().expect("this hub runs").stop().status.success()
    }

    pub(super) fn signal(&self, n: usize, name: &str) {
        self.hub(n).signal(name);
    }
}

fn figure(hub: &Hub, name: &str) -> Option<f64> {
    let page = hub.request("GET", "/metrics", &[], b"").text;
    page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}
