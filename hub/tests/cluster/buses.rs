//! What every bus does.

use std::time::Duration;

use bytes::Bytes;
use plenum_domain::Id;
use tokio::sync::mpsc::Receiver;

use super::{Bus, Heard};

const DEADLINE: Duration = Duration::from_secs(30);

async fn next(heard: &mut Receiver<Heard>) -> Heard {
    tokio::time::timeout(DEADLINE, heard.recv()).await.expect("it comes in time").expect("the bus goes on")
}

/// Two nodes on one bus.
pub(crate) async fn check(first: &dyn Bus, second: &dyn Bus) {
    let (one, other) = (Id::from_bits(1), Id::from_bits(2));
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
