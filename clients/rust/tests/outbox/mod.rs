//! What was done outlives the program that did it, however that ended.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use plenum_client::{Client, FileOutbox, Kept, Options, Outbox as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::{PATIENCE, ROOM, SmallHub, next_votes};

/// Set for the child only: the outbox that it fills until it is killed.
const CHILD_OUTBOX: &str = "PLENUM_TEST_OUTBOX";
const DEADLINE: Duration = Duration::from_secs(30);

/// A hub on a runtime of its own, and its address.
fn serve(hub: SmallHub) -> (Runtime, Options) {
    let runtime = Runtime::new().expect("a runtime");
    let (codec, listener) = (hub.codec, runtime.block_on(TcpListener::bind("127.0.0.1:0")));
    let listener = listener.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    runtime.spawn(hub.serve(listener));
    (runtime, Options { codec, ..Options::new(format!("ws://{address}/api/v1/networking/connect")) })
}

/// A client that gets a token once: when its line breaks it says so, and does not come back.
fn once(options: Options, outbox: FileOutbox) -> (Client, Arc<Notify>) {
    let (used, broke) = (AtomicBool::new(false), Arc::new(Notify::new()));
    let told = Arc::clone(&broke);
    let client = Client::connect_with_outbox(options, outbox, move |_fresh| {
        let (again, told) = (used.swap(true, Ordering::Relaxed), Arc::clone(&told));
        async move {
            if again {
                told.notify_one();
                std::future::pending::<()>().await;
            }
            Ok("T".to_owned())
        }
    });
    (client, broke)
}

fn open(path: &Path) -> FileOutbox {
    FileOutbox::open(path).expect("nobody else has it open")
}

fn wait_for(what: &str, mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < DEADLINE, "{what} did not happen");
        std::thread::yield_now();
    }
}

fn has_line(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.ends_with(b"\n"))
}

#[test]
fn a_vote_that_was_counted_and_not_answered_counts_once_after_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outbox");
    let (_hub, options) = serve(SmallHub { votes_to_swallow: 1, ..SmallHub::default() });
    let first = Runtime::new().expect("a runtime");
    let data = json!({"options": ["a"]});
    first.block_on(async {
        let (client, broke) = once(options.clone(), open(&path));
        tokio::select! {
            _ = client.command_with_key(ROOM, "poll.vote", &data, 7) => panic!("the hub swallows the answer"),
            broken = tokio::time::timeout(PATIENCE, broke.notified()) => broken.expect("the line breaks in time"),
        }
    });
    // The program ends without a goodbye.
    drop(first);
    let second = Runtime::new().expect("a runtime");
    second.block_on(async {
        let client = Client::connect_with_outbox(options, open(&path), |_fresh| async { Ok("T".to_owned()) });
        let answer = client.command_with_key(ROOM, "poll.vote", &data, 7);
        let answer = tokio::time::timeout(PATIENCE, answer).await.expect("an answer in time");
        let answer = answer.expect("it counts").decode::<Value>().expect("it decodes");
        assert_eq!(answer, json!({"seq": 1}));
        let mut poll = client.join(ROOM).await.expect("the client is open");
        assert_eq!(next_votes(&mut poll).await, 1, "it counts once");
        client.close().await;
    });
    drop(second);
    assert_eq!(open(&path).waiting().expect("it is read"), [], "what was answered waits no more");
}

#[test]
fn what_was_done_without_a_line_is_sent_by_the_next_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outbox");
    let first = Runtime::new().expect("a runtime");
    let client = first.block_on(async {
        Client::connect_with_outbox(Options::new("ws://127.0.0.1:9/"), open(&path), |_fresh| {
            std::future::pending()
        })
    });
    let waiting = client.clone();
    first.spawn(async move { waiting.command(ROOM, "poll.vote", &json!({"options": ["a"]})).await });
    wait_for("the action is kept", || has_line(&path));
    // Also when it says goodbye: the action waits on.
    first.block_on(client.close());
    drop(first);
    let (_hub, options) = serve(SmallHub::default());
    let second = Runtime::new().expect("a runtime");
    second.block_on(async {
        let client = Client::connect_with_outbox(options, open(&path), |_fresh| async { Ok("T".to_owned()) });
        let mut poll = client.join(ROOM).await.expect("the client is open");
        let voted = async { while next_votes(&mut poll).await == 0 {} };
        tokio::time::timeout(PATIENCE, voted).await.expect("the vote is sent without being asked for");
        client.close().await;
    });
}

#[test]
fn what_was_kept_before_a_kill_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outbox");
    let mut kept = 0;
    for round in 1..=5 {
        let mut child = Command::new(std::env::current_exe().expect("this test is a file"))
            .args(["--exact", "outbox::child_keeps_until_it_is_killed", "--nocapture"])
            .env(CHILD_OUTBOX, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("it was piped")).lines().map_while(Result::ok);
        let mut said = lines.filter_map(|line| line.strip_prefix("kept ")?.parse::<u128>().ok());
        kept = said.nth(20 + 7 * round).expect("the child goes on");
        child.kill().expect("it is killed");
        kept = said.last().unwrap_or(kept);
        child.wait().expect("it has ended");
        let keys: Vec<u128> = open(&path).waiting().expect("it is read").iter().map(|one| one.key).collect();
        assert!(keys.len() as u128 >= kept, "{} of {kept} in round {round}", keys.len());
        assert_eq!(keys, (1..=keys.len() as u128).collect::<Vec<_>>(), "none is missing in between");
    }
    assert!(kept > 100);
}

/// Does nothing in an ordinary run; the test above starts it in a process of its own.
#[test]
fn child_keeps_until_it_is_killed() {
    let Ok(path) = std::env::var(CHILD_OUTBOX) else { return };
    let mut outbox = open(Path::new(&path));
    let first = outbox.waiting().expect("it is read").len() as u128 + 1;
    for key in first.. {
        let data = json!({"text": "x".repeat(300)});
        let one = Kept { key, room: ROOM.to_owned(), op: "chat.send".to_owned(), data };
        outbox.keep(&one).expect("it is kept");
        println!("kept {key}");
    }
}
