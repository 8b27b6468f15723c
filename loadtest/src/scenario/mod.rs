//! What crowds do.

mod acks;
mod chat;
mod crush;
mod fanout;
mod hall;
mod idle;
mod joins;
mod keynote_vote;
mod levels;
mod mixed;
mod noisy_tenant;
mod qa_storm;
mod reconnect_wave;
mod secured;
mod slow_phones;
mod small_rooms;
mod two_shards;

use std::io;
use std::path::{Path, PathBuf};

use crate::figures::Figures;
use crate::hub::Hub;

/// What a scenario is run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
    pub(crate) hub: PathBuf,
    /// How many people.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) people: usize,
    /// Over how long they act, in seconds.
    #[arg(long, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// The hub's shards.
    #[arg(long, default_value_t = 1)]
    pub(crate) shards: u32,
    /// What people speak: json, msgpack or mixed.
    #[arg(long, default_value = "mixed", value_parser = ["json", "msgpack", "mixed"])]
    pub(crate) codec: String,
    /// 1: attendees alone. 3: as many moderators and screens as attendees.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3))]
    pub(crate) audiences: u32,
}

/// A scenario by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Scenario {
    /// Everyone votes in one poll within a few seconds, while another room goes on.
    KeynoteVote,
    /// Everyone asks and upvotes.
    QaStorm,
    /// Everyone talks.
    Chat,
    /// The hub is killed; everyone comes back.
    ReconnectWave,
    /// Some phones stop reading while the others vote.
    SlowPhones,
    /// Votes, questions and talk together.
    Mixed,
    /// One event at a time to everyone in one room, against a bare send loop.
    Fanout,
    /// What TLS costs, next to the same without it.
    Secured,
    /// Everyone listens, over six hubs and in a thousand rooms; then one event in each room.
    IdleHundredThousand,
    /// Memory of idle sockets.
    Idle,
    /// Connect, hello, join: how many a second.
    Joins,
    /// Votes into one room and into two hundred: acknowledgements a second.
    Acks,
    /// The most small events a second in one room, and what overload does.
    Crush,
    /// The most messages a second in two hundred small rooms.
    SmallRooms,
    /// A few events a second in one very large room, with all cores.
    Hall,
    /// The same events with one shard and with two, on all cores.
    TwoShards,
    /// A tenant floods its hub in every way; another one on it goes on as before.
    NoisyTenant,
}

impl Scenario {
    /// The name as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::KeynoteVote => "keynote_vote",
            Self::QaStorm => "qa_storm",
            Self::Chat => "chat",
            Self::ReconnectWave => "reconnect_wave",
            Self::SlowPhones => "slow_phones",
            Self::Mixed => "mixed",
            Self::Fanout => "fanout",
            Self::Secured => "secured",
            Self::IdleHundredThousand => "idle_hundred_thousand",
            Self::Idle => "idle",
            Self::Joins => "joins",
            Self::Acks => "acks",
            Self::Crush => "crush",
            Self::SmallRooms => "small_rooms",
            Self::Hall => "hall",
            Self::TwoShards => "two_shards",
            Self::NoisyTenant => "noisy_tenant",
        }
    }

    /// Runs it on a hub of its own.
    ///
    /// # Errors
    /// The hub cannot be started or set up, or the crowd cannot connect.
    pub(crate) async fn run(self, options: &Options) -> io::Result<Figures> {
        let folder = Folder::new()?;
        let program = options
            .hub
            .canonicalize()
            .map_err(|error| io::Error::other(format!("{}: {error}", options.hub.display())))?;
        crate::process::leave_the_first_core();
        if self == Self::IdleHundredThousand {
            return crate::idle::run(&program, options).await;
        }
        if self == Self::NoisyTenant {
            return noisy_tenant::run(&program, folder.path(), options).await;
        }
        let mut hub = Hub::start(&program, folder.path(), options.shards)?;
        match self {
            Self::KeynoteVote => keynote_vote::run(&hub, options).await,
            Self::QaStorm => qa_storm::run(&hub, options).await,
            Self::Chat => chat::run(&hub, options).await,
            Self::ReconnectWave => reconnect_wave::run(&mut hub, options).await,
            Self::SlowPhones => slow_phones::run(&hub, options).await,
            Self::Mixed => mixed::run(&hub, options).await,
            Self::Fanout => fanout::run(&hub, options).await,
            Self::Secured => secured::run(&mut hub, folder.path(), options).await,
            // They have started hubs of their own above.
            Self::IdleHundredThousand | Self::NoisyTenant => Ok(Figures::default()),
            Self::Idle => idle::run(&hub, options).await,
            Self::Joins => joins::run(&hub, options).await,
            Self::Acks => acks::run(&hub, options).await,
            Self::Crush => crush::run(&hub, options).await,
            Self::SmallRooms => small_rooms::run(&hub, options).await,
            Self::Hall => hall::run(&mut hub, options).await,
            Self::TwoShards => two_shards::run(&mut hub, options).await,
        }
    }
}

/// A folder that is gone afterwards.
pub(crate) struct Folder {
    path: PathBuf,
    is_kept: bool,
}

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("plenum-load-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, is_kept: false })
    }

    /// It stays.
    pub(crate) fn keep(&mut self) {
        self.is_kept = true;
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nothing of it is needed any more, whether it can be removed or not.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
