//! Who knows the secret is heard, who does not is not.

use plenum_domain::Id;
use tokio::net::TcpListener;

use super::*;
use crate::clock::Clock;
use crate::cluster::lease::Member;
use crate::cluster::wire::{Down, Up};

fn member(node: &str) -> Member {
    Member { node: node.to_owned(), run: 1, address: "127.0.0.1:1".to_owned() }
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    let (dialled, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
    (dialled.expect("it listens"), accepted.expect("it was dialled").0)
}

async fn greeting(dialler: &[u8], answerer: &[u8]) -> (io::Result<Member>, io::Result<Member>) {
    let ((mut dialled, mut accepted), clock) = (pair().await, Clock::new());
    let (first, second) = (member("a"), member("b"));
    let (dialling, answering) = (Key::of(dialler), Key::of(answerer));
    let greets = async {
        let greeted = greet(&mut dialled, &first, &dialling, &clock).await;
        // Whoever is refused hangs up.
        drop(dialled);
        greeted
    };
    tokio::join!(greets, answer(&mut accepted, &second, &answering, &clock))
}

#[tokio::test]
async fn nodes_of_one_installation_know_each_other() {
    let (there, here) = greeting(b"one secret", b"one secret").await;
    assert_eq!((there.ok(), here.ok()), (Some(member("b")), Some(member("a"))));
}

#[tokio::test]
async fn a_stranger_is_refused_by_both_sides() {
    let (there, here) = greeting(b"one secret", b"another secret").await;
    assert_eq!(there.map_err(|error| error.kind()), Err(io::ErrorKind::PermissionDenied));
    assert!(here.is_err());
}

#[tokio::test]
async fn messages_go_both_ways_until_one_hangs_up() {
    let (dialled, accepted) = pair().await;
    let (up, ups) = mpsc::channel(8);
    let (down, downs) = mpsc::channel(8);
    let (heard_up, mut seen_up) = mpsc::channel(8);
    let (heard_down, mut seen_down) = mpsc::channel(8);
    let conference = Id::from_bits(3);
    let dialler = tokio::spawn(talk(dialled, ups, move |message: Down| drop(heard_down.try_send(message))));
    let answerer = tokio::spawn(talk(accepted, downs, move |message: Up| drop(heard_up.try_send(message))));
    up.send(Up::Attach { conference }).await.expect("it is open");
    down.send(Down::Elsewhere { conference }).await.expect("it is open");
    assert!(matches!(seen_up.recv().await, Some(Up::Attach { conference: one }) if one == conference));
    assert!(matches!(seen_down.recv().await, Some(Down::Elsewhere { conference: one }) if one == conference));
    assert!(matches!(seen_down.recv().await, Some(Down::Alive)), "silence is filled");
    drop(up);
    assert_eq!(dialler.await.expect("it ends").kind(), io::ErrorKind::NotConnected);
    assert_eq!(answerer.await.expect("it ends").kind(), io::ErrorKind::UnexpectedEof);
}
