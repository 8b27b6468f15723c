//! What operators set: built-in defaults < `--config FILE` (TOML) < environment `PLENUM__SECTION__KEY`.

mod check;
mod load;
mod report;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use load::{ConfigError, Loaded, Origin, load};
pub use report::report;

/// Configuration of a Plenum hub. Every key can be left out; what stands here are the defaults.
///
/// A key is also read from the environment, where it wins: `server.listen` is `PLENUM__SERVER__LISTEN`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Config {
    /// The listener and what clients are told of it.
    #[config(nested)]
    pub server: Server,
    /// This process among others.
    #[config(nested)]
    pub node: Node,
    /// What several nodes share. Without it this process is a node of its own.
    #[config(nested)]
    pub redis: Redis,
    /// The database: tenants, people, conferences, and what happened, for lists and reports.
    #[config(nested)]
    pub store: Store,
    /// The journal: what was acknowledged, before it reaches the store.
    #[config(nested)]
    pub journal: Journal,
    /// Tokens and passwords.
    #[config(nested)]
    pub auth: Auth,
    /// Bounds that protect the hub. 0 means no limit.
    #[config(nested)]
    pub limits: Limits,
    /// Letters to people: invitations, new passwords.
    #[config(nested)]
    pub mail: Mail,
    /// Badges to print.
    #[config(nested)]
    pub badges: Badges,
    /// Logs and metrics.
    #[config(nested)]
    pub telemetry: Telemetry,
    /// Browsers.
    #[config(nested)]
    pub web: Web,
}

/// `server.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Server {
    /// Address and port to listen on. Port 0 takes a free one and prints it.
    #[config(env = "PLENUM__SERVER__LISTEN", default = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address that people type, such as https://plenum.example.org, without a path. Links and QR codes are made
    /// from it, and a host below it names a tenant. Without it: http:// (https:// with TLS) and the listener's address.
    #[config(env = "PLENUM__SERVER__PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Threads that own rooms and sockets; 0 means one per core.
    #[config(env = "PLENUM__SERVER__SHARDS", default = 0)]
    pub shards: u32,
    /// How long one REST request may take, in milliseconds.
    #[config(env = "PLENUM__SERVER__REQUEST_TIMEOUT_MS", default = 15000)]
    pub request_timeout_ms: u64,
    /// After SIGTERM, clients are spread over this window before the process ends, in milliseconds (at most 20000).
    #[config(env = "PLENUM__SERVER__DRAIN_MS", default = 5000)]
    pub drain_ms: u64,
    /// TLS on the listener itself. Without it put a proxy in front that speaks TLS.
    #[config(nested)]
    pub tls: Tls,
}

/// `server.tls.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Tls {
    /// The certificate in PEM, with those that lead to its root behind it. SIGHUP reads both files again.
    #[config(env = "PLENUM__SERVER__TLS__CERT_FILE")]
    pub cert_file: Option<PathBuf>,
    /// The certificate's private key in PEM.
    #[config(env = "PLENUM__SERVER__TLS__KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

impl Tls {
    /// Both files; none when the listener speaks plain HTTP.
    pub fn files(&self) -> Option<(&Path, &Path)> {
        Some((self.cert_file.as_deref()?, self.key_file.as_deref()?))
    }
}

/// `node.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Node {
    /// The name of this process in logs and health answers, and among the nodes of a cluster.
    #[config(env = "PLENUM__NODE__ID", default = "node-1")]
    pub id: String,
    /// Address and port for the other nodes, with redis.url only. Port 0 takes a free one. Not for the outside: nobody
    /// signs in here.
    #[config(env = "PLENUM__NODE__LISTEN", default = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Where the other nodes reach node.listen, as host:port. Without it: the address that node.listen is bound to.
    #[config(env = "PLENUM__NODE__ADVERTISE")]
    pub advertise: Option<String>,
}

/// `redis.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Redis {
    /// The Redis that holds the journals and says which node owns which conference, such as
    /// redis://user:password@host:6379 (rediss:// with TLS). It must keep what it says it keeps: appendonly yes,
    /// appendfsync always, maxmemory-policy noeviction. Without it there is one node, and its journal is journal.path.
    #[config(env = "PLENUM__REDIS__URL")]
    pub url: Option<String>,
    /// The Redis that carries pushes between nodes; nothing is kept there. Without it: redis.url.
    #[config(env = "PLENUM__REDIS__BUS_URL")]
    pub bus_url: Option<String>,
}

/// `store.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Store {
    /// Where the database is: sqlite:PATH, or postgres://USER:PASSWORD@HOST:PORT/DATABASE (15 or newer; with
    /// ?sslmode=verify-full&sslrootcert=FILE it is reached by TLS). PostgreSQL's role owns the database and is no
    /// superuser: then the database itself keeps tenants apart.
    #[config(env = "PLENUM__STORE__URL", default = "sqlite:./data/plenum.db")]
    pub url: String,
    /// Whether `plenum serve` brings the schema up to date; without it, run `plenum migrate` before an update.
    #[config(env = "PLENUM__STORE__MIGRATE", default = true)]
    pub migrate: bool,
    /// Connections to PostgreSQL at most; two more write what happened in rooms. SQLite does not need it.
    #[config(env = "PLENUM__STORE__CONNECTIONS", default = 10)]
    pub connections: u32,
    /// How long a request waits for a connection to PostgreSQL, in milliseconds.
    #[config(env = "PLENUM__STORE__WAIT_MS", default = 5000)]
    pub wait_ms: u64,
}

/// `journal.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Journal {
    /// The journal's file. One process writes it.
    #[config(env = "PLENUM__JOURNAL__PATH", default = "./data/journal.db")]
    pub path: PathBuf,
    /// How large the file may grow, in bytes, before commands are refused with `hub.busy`; 0 means as the disk allows.
    /// From three quarters of it on, rooms are kept as they are and their records deleted. What the rooms themselves take,
    /// kept so, comes on top of it.
    #[config(env = "PLENUM__JOURNAL__SIZE_BYTES_MAX", default = 0)]
    pub size_bytes_max: u64,
}

/// `auth.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Auth {
    /// The file with the key that signs tokens. Made on the first start, readable by its owner only. Whoever replaces
    /// it signs everyone out.
    #[config(env = "PLENUM__AUTH__SECRET_FILE", default = "./data/auth.secret")]
    pub secret_file: PathBuf,
    /// The file with the token of whoever runs the installation, for /api/v1/operator. Made on the first start, readable by
    /// its owner only.
    #[config(env = "PLENUM__AUTH__OPERATOR_FILE", default = "./data/operator.token")]
    pub operator_file: PathBuf,
    /// How long an access token works, in seconds.
    #[config(env = "PLENUM__AUTH__ACCESS_TTL_S", default = 900)]
    pub access_ttl_s: u32,
    /// How long a session can be renewed without signing in again, in seconds.
    #[config(env = "PLENUM__AUTH__REFRESH_TTL_S", default = 2592000)]
    pub refresh_ttl_s: u32,
    /// How many passwords are checked at the same time; each takes about 20 MB and 20 ms. 0 means one per core.
    #[config(env = "PLENUM__AUTH__PASSWORD_CHECKS", default = 0)]
    pub password_checks: u32,
    /// Wrong passwords for one account before the next try has to wait; the wait doubles from 1 s to 15 min.
    #[config(env = "PLENUM__AUTH__FAILURES_BEFORE_DELAY", default = 5)]
    pub failures_before_delay: u32,
    /// Whether tenants' sign-in providers may be at private addresses and without TLS: for a provider in one's own network.
    /// Otherwise whoever owns a tenant could have the hub ask what only the hub can reach.
    #[config(env = "PLENUM__AUTH__PRIVATE_PROVIDERS", default = false)]
    pub private_providers: bool,
}

/// `limits.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Limits {
    /// Joins by code from one address in a minute. A hall of people shares one address, so this is generous.
    #[config(env = "PLENUM__LIMITS__JOINS_PER_ADDRESS_PER_MIN", default = 3000)]
    pub joins_per_address_per_min: u32,
    /// Sockets that one participant may have open.
    #[config(env = "PLENUM__LIMITS__SOCKETS_PER_PARTICIPANT", default = 10)]
    pub sockets_per_participant: u32,
    /// Commands of one participant in a second; four seconds' worth may come at once.
    #[config(env = "PLENUM__LIMITS__COMMANDS_PER_S", default = 20)]
    pub commands_per_s: u32,
    /// Sockets from one address.
    #[config(env = "PLENUM__LIMITS__SOCKETS_PER_ADDRESS", default = 20000)]
    pub sockets_per_address: u32,
}

/// `mail.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Mail {
    /// The server: smtp://USER:PASSWORD@HOST:587?tls=required or smtps://USER:PASSWORD@HOST. Without it mail is kept as
    /// files in mail.folder.
    #[config(env = "PLENUM__MAIL__URL")]
    pub url: Option<String>,
    /// The folder for mail when there is no server.
    #[config(env = "PLENUM__MAIL__FOLDER", default = "./data/mail")]
    pub folder: PathBuf,
    /// Who writes.
    #[config(env = "PLENUM__MAIL__FROM", default = "Plenum <plenum@localhost>")]
    pub from: String,
}

/// `badges.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Badges {
    /// A folder with fonts for letters that those in the program lack: Chinese, Japanese, Korean. Debian's package
    /// fonts-noto-cjk puts its fonts here.
    #[config(env = "PLENUM__BADGES__FONTS_FOLDER", default = "/usr/share/fonts/opentype/noto")]
    pub fonts_folder: PathBuf,
}

/// `telemetry.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Telemetry {
    /// What is logged, as a level or as target=level pairs: error, warn, info, debug, trace.
    #[config(env = "PLENUM__TELEMETRY__LOG", default = "info")]
    pub log: String,
    /// How a line of the log is written: text or json.
    #[config(env = "PLENUM__TELEMETRY__FORMAT", default = "text")]
    pub format: LogFormat,
    /// Whether GET /metrics answers.
    #[config(env = "PLENUM__TELEMETRY__METRICS", default = true)]
    pub metrics: bool,
    /// Where a collector of traces takes OTLP over HTTP, such as http://127.0.0.1:4318; none when nothing is traced.
    #[config(env = "PLENUM__TELEMETRY__OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// One command in so many is traced, from its socket to the store, on all nodes the same ones.
    #[config(env = "PLENUM__TELEMETRY__TRACE_ONE_IN", default = 1000)]
    pub trace_one_in: u32,
}

/// `web.*`.
#[derive(Clone, Debug, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Web {
    /// Pages of other origins that may use REST and the socket, such as ["https://www.example.org"]; in the environment
    /// separated by commas. The hub's own pages always may.
    #[config(env = "PLENUM__WEB__ALLOWED_ORIGINS", parse_env = confique::env::parse::list_by_comma, default = [])]
    pub allowed_origins: Vec<String>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The commented example file, made from the comments above.
pub fn example() -> String {
    confique::toml::template::<Config>(confique::toml::FormatOptions::default())
}

impl Config {
    /// The address that people type, without a slash at its end; `bound` is where the listener really is.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        let configured = self.server.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        let scheme = if self.server.tls.files().is_some() { "https" } else { "http" };
        configured.unwrap_or_else(|| format!("{scheme}://{bound}"))
    }
}

#[cfg(test)]
mod tests;
