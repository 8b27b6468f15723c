//! The real servers that tests talk to: ours alone, on loopback, with nothing to keep.

mod postgres;

use std::path::PathBuf;

use crate::failure::Failure;
use crate::program::{self, Program};
use postgres::Postgres;

/// The database that tests make their own databases in, as its superuser.
const POSTGRES_URL: &str = "PLENUM_TEST_POSTGRES_URL";
/// The program that a test starts its own Redis from.
const REDIS_SERVER: &str = "PLENUM_TEST_REDIS_SERVER";

/// Servers for one run of the tests; they end with this value, and with this process however it ends.
pub(crate) struct Servers {
    postgres: Option<Postgres>,
    redis: Option<PathBuf>,
}

impl Servers {
    /// Starts what is installed. What is not is named: the tests that need it say so too, and pass.
    pub(crate) fn start() -> Result<Self, Failure> {
        let servers = Self {
            postgres: postgres::binaries().map(|folder| Postgres::start(&folder)).transpose()?,
            redis: program::find("redis-server"),
        };
        let here = [("PostgreSQL", servers.postgres.is_some()), ("Redis", servers.redis.is_some())];
        for (name, _) in here.iter().filter(|(_, here)| !here) {
            println!("  {name} is not installed: what needs it is left out");
        }
        Ok(servers)
    }

    /// Whether there is a Redis to start.
    pub(crate) const fn has_redis(&self) -> bool {
        self.redis.is_some()
    }

    /// Tells a test runner where they are.
    pub(crate) fn told_to(&self, runner: Program) -> Program {
        let runner = match &self.postgres {
            Some(postgres) => runner.env(POSTGRES_URL, postgres.url()),
            None => runner,
        };
        match &self.redis {
            Some(server) => runner.env(REDIS_SERVER, server),
            None => runner,
        }
    }
}

/// Whether the programs that start a PostgreSQL are installed.
pub(crate) fn postgres_is_here() -> bool {
    postgres::binaries().is_some()
}

/// Whether the program that is a Redis is installed.
pub(crate) fn redis_is_here() -> bool {
    program::find("redis-server").is_some()
}
