//! The store that all hubs of a cluster share.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// A PostgreSQL in which databases may be made, as its superuser.
const VARIABLE: &str = "PLENUM_TEST_POSTGRES_URL";

/// A database of PostgreSQL that goes with this value, or a file of SQLite where there is no PostgreSQL.
pub(crate) struct Database {
    postgres: Option<Postgres>,
    sqlite: String,
}

struct Postgres {
    server: String,
    address: SocketAddr,
    name: String,
}

impl Database {
    /// Makes one that is empty.
    ///
    /// # Errors
    /// PostgreSQL refuses, or `psql` cannot be run.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        let sqlite = format!("sqlite:{}", folder.join("store.db").display());
        let postgres = std::env::var(VARIABLE).ok().map(Postgres::new).transpose()?;
        Ok(Self { postgres, sqlite })
    }

    /// The server, when there is one: between it and a hub there can be a gate.
    pub(crate) fn server(&self) -> Option<SocketAddr> {
        self.postgres.as_ref().map(|postgres| postgres.address)
    }

    /// How a hub reaches it by way of an address.
    pub(crate) fn url(&self, by_way_of: Option<SocketAddr>) -> String {
        match &self.postgres {
            None => self.sqlite.clone(),
            Some(Postgres { address, name, .. }) => {
                format!("postgres://{name}@{}/{name}", by_way_of.unwrap_or(*address))
            }
        }
    }

    /// Cleans up behind a large import, as PostgreSQL does by itself within a minute: until then an index has to look at
    /// the rows for whether they may be seen. Cleaning needs the import to be on the disk, which a durable commit sees to.
    ///
    /// # Errors
    /// The server refuses.
    pub(crate) fn settle(&self) -> io::Result<()> {
        match &self.postgres {
            None => Ok(()),
            Some(Postgres { address, name, .. }) => psql(
                &format!("postgres://{name}@{address}/{name}"),
                &["SET synchronous_commit = on", "ANALYZE", "VACUUM"],
            ),
        }
    }

    /// What it is, in words.
    pub(crate) const fn name(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }
}

impl Postgres {
    fn new(server: String) -> io::Result<Self> {
        let strange = || io::Error::other(format!("{VARIABLE} is not postgres://USER@ADDRESS:PORT/DATABASE"));
        let address =
            server.rsplit('@').next().and_then(|rest| rest.split('/').next()).ok_or_else(strange)?;
        let address = address.parse().map_err(|_| strange())?;
        let name = format!("load_{}", uuid::Uuid::now_v7().simple());
        let postgres = Self { server, address, name };
        // Its owner is no superuser: the database itself keeps tenants apart.
        postgres.run(&format!("CREATE ROLE {} LOGIN", postgres.name))?;
        postgres.run(&format!("CREATE DATABASE {0} OWNER {0}", postgres.name))?;
        Ok(postgres)
    }

    fn run(&self, statement: &str) -> io::Result<()> {
        psql(&self.server, &[statement])
    }
}

fn psql(url: &str, statements: &[&str]) -> io::Result<()> {
    let statements = statements.iter().flat_map(|statement| ["-c", statement]);
    let ended = Command::new("psql").args(["-q", "-X", url]).args(statements).output()?;
    if ended.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("psql: {}", String::from_utf8_lossy(&ended.stderr).trim())))
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The server of a test goes soon as well, with all that is in it.
        let _ = self.run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        let _ = self.run(&format!("DROP ROLE {}", self.name));
    }
}
