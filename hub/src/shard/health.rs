//! How the shards do, for `/readyz` and the metrics.

use plenum_persistence::journal::JournalError;

/// What the journal last said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JournalState {
    /// The last batch is durable.
    #[default]
    Good,
    /// The last batch failed; commands that change rooms are refused until one succeeds.
    Failing(String),
}

impl From<&JournalError> for JournalState {
    fn from(error: &JournalError) -> Self {
        Self::Failing(error.to_string())
    }
}

/// How one shard does.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    /// Its number.
    pub shard: usize,
    /// Rooms that it owns.
    pub rooms: usize,
    /// Readers in its rooms; one socket in two rooms counts twice.
    pub subscriptions: usize,
    /// Rooms that want to be called at a time.
    pub timers: usize,
    /// Sockets that it holds.
    pub sockets: usize,
    /// Sockets whose client reads too slowly at the moment.
    pub blocked: usize,
    /// Bytes that wait for those sockets.
    pub outbox_bytes: usize,
    /// Commands and joins whose answer is awaited.
    pub waiters: usize,
    /// Pushes of others that wait for its sockets.
    pub pushes: usize,
    /// Inputs that wait.
    pub inbox: usize,
    /// Answers and pushes that wait for the journal.
    pub held: usize,
    /// Fan-outs that are under way or wait.
    pub walks: usize,
    /// What the journal last said to it.
    pub journal: JournalState,
}

/// How all shards do.
#[derive(Clone, Debug, Default)]
pub struct ShardHealth {
    /// One entry a shard that answered.
    pub shards: Vec<Vitals>,
    /// Shards that did not answer in time.
    pub silent: usize,
}

impl ShardHealth {
    /// The first shard's trouble with the journal.
    pub fn journal_trouble(&self) -> Option<&str> {
        self.shards.iter().find_map(|vitals| match &vitals.journal {
            JournalState::Failing(why) => Some(why.as_str()),
            JournalState::Good => None,
        })
    }

    /// A figure of all shards together.
    pub fn sum(&self, figure: impl Fn(&Vitals) -> usize) -> usize {
        self.shards.iter().map(figure).sum()
    }

    /// Sockets of all shards.
    pub fn sockets(&self) -> usize {
        self.sum(|vitals| vitals.sockets)
    }
}
