//! Redis with its functions, and the same rules as plain Rust, do the same operations and agree on every answer and on
//! all that is left.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use fred::interfaces::{ClientLike, KeysInterface};
use plenum_domain::Id;
use plenum_hub::clock::Clock;
use plenum_hub::cluster::fence::{EntryId, Fence, Stored, StoredSnapshot};
use plenum_hub::cluster::lease::{Claim, Leases, Member};
use plenum_hub::cluster::redis::{RedisFence, connect};
use plenum_hub::cluster::{MemoryFence, Renewal};
use proptest::prelude::*;

use crate::server::Server;

/// Longer than any test: leases end only by [`Op::Expire`].
const FOREVER: Duration = Duration::from_secs(100_000);

/// Why the storage must not be out of reach here.
const ANSWERS: &str = "both storages are up";

/// Which epoch an operation names, from the highest one that was ever granted.
type Behind = u64;

#[derive(Clone, Debug)]
enum Op {
    Acquire { by: usize, floor: u64 },
    Renew { by: usize, behind: Behind },
    Release { by: usize, behind: Behind },
    Find { by: usize },
    Append { by: usize, behind: Behind, first: i64, batch: Vec<Stored> },
    Keep { by: usize, behind: Behind, seq: u64, room: u8 },
    Trim { by: usize, behind: Behind, upto: u64, from: EntryId, limit: usize },
    Erase { by: usize, behind: Behind },
    Expire,
}

/// Mostly the rightful owner's, so that the operations lead somewhere.
fn behind() -> impl Strategy<Value = Behind> {
    prop_oneof![9 => Just(0), 1 => 1..3_u64]
}

fn by() -> impl Strategy<Value = usize> {
    prop_oneof![6 => Just(0_usize), 1 => Just(1), 1 => Just(2)]
}

fn stored() -> impl Strategy<Value = Stored> {
    (0..3_u8, 0..20_u64, 0..40_u8, proptest::collection::vec(any::<u8>(), 0..8)).prop_map(
        |(room, seq, key, bytes)| {
            let key = if key == 0 { String::new() } else { format!("key {key}") };
            Stored { room: format!("room:{room}"), seq, key, bytes }
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    let from = (0..4_u64, 0..6_u64).prop_map(|(epoch, lsn)| EntryId { epoch, lsn });
    prop_oneof![
        3 => (by(), 0..5_u64).prop_map(|(by, floor)| Op::Acquire { by, floor }),
        2 => (by(), behind()).prop_map(|(by, behind)| Op::Renew { by, behind }),
        1 => (by(), behind()).prop_map(|(by, behind)| Op::Release { by, behind }),
        1 => by().prop_map(|by| Op::Find { by }),
        8 => (by(), behind(), prop_oneof![5 => Just(0_i64), 1 => -3..3_i64], proptest::collection::vec(stored(), 1..4))
            .prop_map(|(by, behind, first, batch)| Op::Append { by, behind, first, batch }),
        3 => (by(), behind(), 0..20_u64, 0..3_u8).prop_map(|(by, behind, seq, room)| Op::Keep { by, behind, seq, room }),
        3 => (by(), behind(), 0..30_u64, from, 1..8_usize)
            .prop_map(|(by, behind, upto, from, limit)| Op::Trim { by, behind, upto, from, limit }),
        1 => (by(), behind()).prop_map(|(by, behind)| Op::Erase { by, behind }),
        1 => Just(Op::Expire),
    ]
}

fn member(n: usize) -> Member {
    Member { node: format!("node-{n}"), run: n as u64 + (1 << 60), address: format!("127.0.0.1:{n}") }
}

/// Three members of one storage.
struct Side<F> {
    members: Vec<F>,
    conference: Id,
}

impl<F: Fence> Side<F> {
    /// What the operation answers, as text: types that cannot be compared are compared so.
    async fn apply(&self, op: &Op, epoch: u64, next: u64) -> String {
        let (id, of) = (self.conference, |behind: Behind| epoch.saturating_sub(behind));
        match op.clone() {
            Op::Acquire { by, floor } => plain(&self.members[by].acquire(id, floor).await.expect(ANSWERS)),
            Op::Renew { by, behind } => shown(self.members[by].renew(id, of(behind)).await),
            Op::Release { by, behind } => shown(self.members[by].release(id, of(behind)).await),
            Op::Find { by } => {
                let found = self.members[by].find(id).await.expect(ANSWERS);
                let last = self.members[by].last(id).await.expect(ANSWERS);
                shown((found.map(|lease| (lease.member, lease.epoch)), last))
            }
            Op::Append { by, behind, first, batch } => {
                let first = next.saturating_add_signed(first).max(1);
                shown(self.members[by].append(id, of(behind), first, batch).await)
            }
            Op::Keep { by, behind, seq, room } => {
                let snapshot = StoredSnapshot { room: format!("room:{room}"), bytes: vec![seq as u8; 3] };
                shown(self.members[by].keep(id, of(behind), seq, snapshot).await)
            }
            Op::Trim { by, behind, upto, from, limit } => {
                shown(self.members[by].trim(id, of(behind), upto, from, limit).await)
            }
            Op::Erase { by, behind } => shown(self.members[by].erase(id, of(behind)).await),
            Op::Expire => String::new(),
        }
    }

    /// All that is left.
    async fn rest(&self) -> String {
        let one = &self.members[0];
        let mut snapshots = one.snapshots(self.conference).await.expect(ANSWERS);
        snapshots.sort_by(|a, b| a.room.cmp(&b.room));
        shown((one.entries(self.conference, EntryId::default(), 10_000).await.expect(ANSWERS), snapshots))
    }
}

fn shown(answer: impl std::fmt::Debug) -> String {
    format!("{answer:?}")
}

/// A claim without its history, which each storage draws for itself.
fn plain(claim: &Claim) -> String {
    match claim {
        Claim::Mine { lease, last_lsn } => format!("mine {} {last_lsn}", lease.epoch),
        Claim::Theirs(lease) => format!("theirs {:?} {}", lease.member, lease.epoch),
    }
}

/// How far the model says that things have come: the highest epoch granted, and the next place.
#[derive(Default)]
struct Reached {
    epoch: u64,
    last: u64,
}

async fn agree(
    ops: &[Op],
    memory: &Side<MemoryFence>,
    redis: &Side<RedisFence>,
    client: &fred::clients::Client,
) -> BTreeSet<String> {
    let (mut reached, mut heard) = (Reached::default(), BTreeSet::new());
    for op in ops {
        if matches!(op, Op::Expire) {
            memory.members[0].tamper(memory.conference, plenum_hub::cluster::fence::Model::expire);
            let _: () = client.del(format!("plenum:{{{}}}:lease", redis.conference)).await.expect(ANSWERS);
        }
        let expected = memory.apply(op, reached.epoch, reached.last + 1).await;
        let found = redis.apply(op, reached.epoch, reached.last + 1).await;
        assert_eq!(found, expected, "{op:?}");
        heard.extend(
            expected.split(['(', ' ', ')']).nth(usize::from(expected.starts_with("Ok("))).map(str::to_owned),
        );
        reached = come(memory, reached).await;
    }
    assert_eq!(redis.rest().await, memory.rest().await);
    heard
}

/// Looks at the storage in memory: who is last, and where.
async fn come(memory: &Side<MemoryFence>, before: Reached) -> Reached {
    let (one, id) = (&memory.members[0], memory.conference);
    let found = one.find(id).await.expect(ANSWERS);
    let epoch = found.as_ref().map_or(before.epoch, |lease| lease.epoch);
    let mut last = before.last;
    for member in &memory.members {
        if let Renewal::Granted { last_lsn } = member.renew(id, epoch).await.expect(ANSWERS) {
            last = last_lsn;
        }
    }
    Reached { epoch, last }
}

#[test]
fn redis_and_the_model_agree() {
    let Some(server) = Server::start_with(&["--appendonly", "no"]) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = runtime.block_on(async {
        let client = connect(&server.url()).unwrap();
        client.wait_for_connect().await.unwrap();
        client
    });
    let clock = Clock::new();
    let mut runner = proptest::test_runner::TestRunner::default();
    let cases = proptest::collection::vec(op(), 1..60);
    let heard = RefCell::new(BTreeSet::new());
    let run = |ops: Vec<Op>| {
        let conference = clock.id();
        let fence = |n| RedisFence::new(client.clone(), member(n), clock.clone()).lasting(FOREVER);
        let redis = Side { members: (0..3).map(fence).collect(), conference };
        let memory = MemoryFence::new(member(0));
        let memory = Side { members: (0..3).map(|n| memory.member(member(n))).collect(), conference };
        heard.borrow_mut().extend(runtime.block_on(agree(&ops, &memory, &redis, &client)));
        Ok(())
    };
    runner.run(&cases, run).unwrap();
    let heard = heard.into_inner();
    for word in ["mine", "theirs", "Granted", "Lost", "Kept", "Fenced", "Gap", "Duplicate", "Step"] {
        assert!(heard.contains(word), "no operation was answered with {word}: {heard:?}");
    }
}
