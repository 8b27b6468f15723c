//! The command line. Every error is one line on stderr that names the file, key or argument at fault.

mod analytics;
mod bootstrap;
mod demo;
mod export;
mod grants;
mod health;
mod import;
mod journal;
mod keep;
mod serve;
mod tenant;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Loaded};

pub(crate) use bootstrap::{SLUG_RULE, is_slug};

/// Conferences with live rooms: polls, questions, chat, screens.
#[derive(Debug, Parser)]
#[command(name = "plenum", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// Reads the configuration from a TOML file; see config/plenum.example.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a hub (also without any command).
    Serve,
    /// Runs a hub with a conference in which made-up people vote, ask and chat.
    Demo(demo::DemoArguments),
    /// Brings the store's schema up to date.
    Migrate,
    /// The store.
    #[command(subcommand)]
    Store(StoreCommand),
    /// The journals that several hubs share.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Writes the store and the journal into a new folder, while the hub runs or not.
    Backup(keep::FolderArguments),
    /// Fills an empty store and a journal that is not there from a backup.
    Restore(keep::FolderArguments),
    /// Tenants.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Roles for single conferences, and roles of a tenant's own.
    #[command(subcommand)]
    Grant(GrantCommand),
    /// Personal access tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Imports a programme, or a list of attendees.
    Import(import::ImportArguments),
    /// Writes a conference's programme to the output: frab's XML or JSON, or a calendar.
    Export(export::ExportArguments),
    /// What people did, in numbers.
    #[command(subcommand)]
    Analytics(AnalyticsCommand),
    /// Asks the hub of this configuration how it does; fails when it is down.
    Health(health::HealthArguments),
    /// Prints the effective configuration, and where each value came from.
    CheckConfig,
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// Copies everything into an empty store: from SQLite to PostgreSQL, or back.
    Copy(keep::CopyArguments),
}

#[derive(Debug, Subcommand)]
enum JournalCommand {
    /// Gives up what Redis has lost of a conference, so that it is served again from what is left.
    AcceptLoss(journal::LossArguments),
}

#[derive(Debug, Subcommand)]
enum AnalyticsCommand {
    /// Counts a conference anew from the archive of its rooms, and says whether its figures were right.
    Recompute(analytics::RecomputeArguments),
}

#[derive(Debug, Subcommand)]
enum TenantCommand {
    /// Makes a tenant and prints its id.
    Create(bootstrap::NewTenantArguments),
    /// Changes what a tenant booked, suspends it, opens it again.
    Change(tenant::ChangeTenantArguments),
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Makes an account and prints its id, and a one-time password unless one is read from stdin.
    Create(bootstrap::NewUserArguments),
}

#[derive(Debug, Subcommand)]
enum GrantCommand {
    /// Gives a role.
    Give(grants::GrantArguments),
    /// Takes a role.
    Take(grants::GrantArguments),
    /// Prints what an account holds besides its roles in the whole tenant.
    List(grants::Holder),
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Makes a personal access token and prints it, once.
    Create(bootstrap::NewTokenArguments),
}

/// Why a command failed: one line for stderr.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut line = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !line.contains(&text) {
                line = format!("{line}: {text}");
            }
            cause = error.source();
        }
        Self(line.replace('\n', " "))
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(line)) => {
            eprintln!("plenum: {line}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<(), Failure> {
    let loaded = config::load(arguments.config.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(arguments.command.unwrap_or(Command::Serve), loaded))
}

async fn dispatch(command: Command, loaded: Loaded) -> Result<(), Failure> {
    let config = loaded.config.clone();
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Demo(arguments) => demo::demo(config, arguments).await,
        Command::Import(arguments) => import::import(&config, arguments).await,
        Command::Export(arguments) => export::export(&config, arguments).await,
        Command::Migrate => bootstrap::migrate(&config).await,
        Command::Store(StoreCommand::Copy(arguments)) => keep::copy(&config, arguments).await,
        Command::Journal(JournalCommand::AcceptLoss(arguments)) => {
            journal::accept_loss(&config, arguments).await
        }
        Command::Backup(arguments) => keep::back_up(&config, arguments).await,
        Command::Restore(arguments) => keep::restore(&config, arguments).await,
        Command::Tenant(TenantCommand::Create(arguments)) => {
            bootstrap::create_tenant(&config, arguments).await
        }
        Command::Tenant(TenantCommand::Change(arguments)) => tenant::change(&config, arguments).await,
        Command::User(UserCommand::Create(arguments)) => bootstrap::create_user(&config, arguments).await,
        Command::Grant(GrantCommand::Give(arguments)) => grants::give(&config, arguments).await,
        Command::Grant(GrantCommand::Take(arguments)) => grants::take(&config, arguments).await,
        Command::Grant(GrantCommand::List(holder)) => grants::list(&config, holder).await,
        Command::Token(TokenCommand::Create(arguments)) => bootstrap::create_token(&config, arguments).await,
        Command::Analytics(AnalyticsCommand::Recompute(arguments)) => {
            analytics::recompute(&config, arguments).await
        }
        Command::Health(arguments) => health::health(&config, &arguments),
        Command::CheckConfig => {
            print!("{}", config::report(&loaded));
            Ok(())
        }
    }
}
