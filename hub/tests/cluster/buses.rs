//! What every bus does, in memory and over a real Redis.

use std::time::{Duration, Instant};

use bytes::Bytes;
use plenum_domain::Id;
use plenum_hub::cluster::bus::{Bus, Heard, MemoryBus};
use plenum_hub::cluster::redis::RedisBus;
use tokio::sync::mpsc::Receiver;

use crate::server::Server;

/// Generous: the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(60);
const CONFERENCE: Id = Id::from_bits(1);

async fn next(heard: &mut Receiver<Heard>) -> Heard {
    tokio::time::timeout(DEADLINE, heard.recv()).await.expect("it comes in time").expect("the bus goes on")
}

#[tokio::test]
async fn memory_conforms() {
    let first = MemoryBus::new();
    let second = first.another();
    check(&first, &second).await;
}

#[tokio::test]
async fn redis_conforms() {
    let Some(server) = Server::start() else { return };
    let connect = || RedisBus::connect(&server.url()).expect("the address is well formed");
    let (first, second) = (connect(), connect());
    check(&first, &second).await;
}

#[tokio::test]
async fn a_redis_that_comes_late_or_dies_is_listened_to_again() {
    let Some(mut server) = Server::prepare(&[]) else { return };
    let connect = || RedisBus::connect(&server.url()).expect("the address is well formed");
    let (first, second) = (connect(), connect());
    let mut heard = second.listen();
    second.subscribe(CONFERENCE).await.expect_err("nobody is there");
    server.launch();
    wait_until_heard(&first, &mut heard, 1).await;
    server.kill();
    first.publish(CONFERENCE, Bytes::from_static(b"lost")).await.expect_err("nobody is there");
    server.launch();
    wait_until_heard(&first, &mut heard, 2).await;
}

/// Publishes until it is heard: what is published while either side connects is lost.
async fn wait_until_heard(first: &RedisBus, heard: &mut Receiver<Heard>, n: u8) {
    let start = Instant::now();
    let message = Bytes::from(vec![n]);
    while start.elapsed() < DEADLINE {
        // It may not be connected yet: then the next one will do.
        drop(first.publish(CONFERENCE, message.clone()).await);
        let next = tokio::time::timeout(Duration::from_millis(50), heard.recv()).await;
        if next == Ok(Some((CONFERENCE, message.clone()))) {
            return;
        }
    }
    panic!("never heard");
}

/// Two nodes on one bus.
async fn check(first: &dyn Bus, second: &dyn Bus) {
    let (one, other) = (CONFERENCE, Id::from_bits(2));
    let message = |n: u8| Bytes::from(vec![n; 3]);
    let (mut here, mut there) = (first.listen(), second.listen());
    first.publish(one, message(0)).await.expect("nobody listens, and that is no error");
    second.subscribe(one).await.expect("the bus is there");
    second.subscribe(one).await.expect("twice is once");
    first.publish(one, message(1)).await.expect("the bus is there");
    first.publish(other, message(2)).await.expect("the bus is there");
    first.publish(one, message(3)).await.expect("the bus is there");
    assert_eq!(next(&mut there).await, (one, message(1)));
    assert_eq!(next(&mut there).await, (one, message(3)), "in order, and nothing of other conferences");
    first.subscribe(one).await.expect("the bus is there");
    first.publish(one, message(4)).await.expect("the bus is there");
    assert_eq!(next(&mut here).await, (one, message(4)), "a node may listen to itself");
    assert_eq!(next(&mut there).await, (one, message(4)));
    second.unsubscribe(one).await.expect("the bus is there");
    second.subscribe(other).await.expect("the bus is there");
    first.publish(one, message(5)).await.expect("the bus is there");
    first.publish(other, message(6)).await.expect("the bus is there");
    assert_eq!(next(&mut there).await, (other, message(6)), "no more of what was left");
    let large = Bytes::from(vec![7; 1 << 20]);
    first.publish(other, large.clone()).await.expect("the bus is there");
    assert_eq!(next(&mut there).await, (other, large));
}
