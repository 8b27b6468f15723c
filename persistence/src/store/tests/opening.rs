//! What cannot be opened says why, in one line that names the place and never a password.

use sqlx::{Connection, Executor, PgConnection};

use super::{Database, Twin};
use crate::store::{OpenStoreError, Settings, Store};

async fn refusal(url: &str, settings: &Settings) -> String {
    let error = Store::open(url, settings).await.expect_err("it cannot be opened").to_string();
    assert!(error.starts_with("store.url: ") && !error.contains('\n'), "{error}");
    error
}

fn as_it_is() -> Settings {
    Settings { migrate: false, ..Settings::default() }
}

/// The superuser's address and a database, when there is a PostgreSQL.
async fn database() -> Option<Database> {
    match Twin::postgres()? {
        Twin::Postgres(superuser) => Some(Database::make(&superuser).await),
        Twin::Sqlite => None,
    }
}

/// Notes a migration that no program knows.
const FROM_THE_FUTURE: &str = "INSERT INTO _sqlx_migrations
    (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, '', 0)";

#[tokio::test]
async fn an_unknown_address_is_refused() {
    let error = Store::open("mysql://someone:secret@localhost/x", &Settings::default()).await.unwrap_err();
    assert!(
        matches!(error, OpenStoreError::BadUrl { .. }) && !error.to_string().contains("secret"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "not a database, ".repeat(500)).unwrap();
    let missing = text.join("store");
    for path in [&text, &missing] {
        let error = refusal(&format!("sqlite:{}", path.display()), &Settings::default()).await;
        assert!(error.contains(path.to_str().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn a_file_with_another_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store").display());
    assert!(refusal(&url, &as_it_is()).await.contains("run `plenum migrate`"));
    Store::open(&url, &Settings::default()).await.unwrap().close().await;
    Store::open(&url, &as_it_is()).await.unwrap().close().await;
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    connection.execute(FROM_THE_FUTURE).await.unwrap();
    for settings in [as_it_is(), Settings::default()] {
        assert!(refusal(&url, &settings).await.contains("newer than this program"));
    }
}

#[tokio::test]
async fn a_database_with_another_schema_is_refused() {
    let Some(database) = database().await else { return };
    let url = database.url();
    assert!(refusal(&url, &as_it_is()).await.contains("run `plenum migrate`"));
    Store::open(&url, &Settings::default()).await.unwrap().close().await;
    Store::open(&url, &as_it_is()).await.unwrap().close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(FROM_THE_FUTURE).await.unwrap();
    for settings in [as_it_is(), Settings::default()] {
        assert!(refusal(&url, &settings).await.contains("newer than this program"));
    }
}

#[tokio::test]
async fn a_missing_database_and_a_stranger_are_named() {
    let Some(database) = database().await else { return };
    let owner = database.name();
    let missing = refusal(&database.url_with(owner, "no_such_database"), &Settings::default()).await;
    assert!(missing.contains("createdb") && missing.contains("no_such_database"), "{missing}");
    let stranger = refusal(&database.url_with("no_such_role", owner), &Settings::default()).await;
    assert!(stranger.contains("does not let no_such_role in"), "{stranger}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = refusal(&format!("postgres://me:secret@{closed}/plenum"), &Settings::default()).await;
    assert!(error.contains("no PostgreSQL answers") && error.contains(&closed.to_string()), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_silent_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings { wait: std::time::Duration::from_millis(100), ..Settings::default() };
    let error = refusal(&format!("postgres://me@{}/plenum", silent.local_addr().unwrap()), &settings).await;
    assert!(error.contains("does not answer within"), "{error}");
}
