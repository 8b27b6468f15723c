//! A way between two processes that can be cut or frozen, and the balancer in front of several hubs.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long a target may take to accept, and to say how it does.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);
const HEALTH_WITHIN: Duration = Duration::from_secs(1);
/// How often each target is asked how it does.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// What a gate does with what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// Everything passes.
    Open,
    /// Connections are ended, new ones too.
    Cut,
    /// Nothing passes, and nobody is told.
    Frozen,
}

/// Where a gate leads to.
#[derive(Debug)]
struct Target {
    address: SocketAddr,
    is_well: AtomicBool,
}

/// Leads connections to one of its targets.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    passage: watch::Sender<Passage>,
}

impl Gate {
    /// A gate to one address.
    ///
    /// # Errors
    /// There is no free port.
    pub(crate) async fn to(target: SocketAddr) -> io::Result<Self> {
        Self::open(&[target]).await.map(|(gate, _)| gate)
    }

    /// A gate to several hubs, of which those are preferred that say that they are ready.
    ///
    /// # Errors
    /// There is no free port.
    pub(crate) async fn balancing(hubs: &[SocketAddr]) -> io::Result<Self> {
        let (gate, targets) = Self::open(hubs).await?;
        (0..targets.len()).for_each(|n| drop(tokio::spawn(watch_over(Arc::clone(&targets), n))));
        Ok(gate)
    }

    async fn open(addresses: &[SocketAddr]) -> io::Result<(Self, Arc<[Target]>)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (passage, passages) = watch::channel(Passage::Open);
        let target = |address: &SocketAddr| Target { address: *address, is_well: AtomicBool::new(true) };
        let targets: Arc<[Target]> = addresses.iter().map(target).collect();
        tokio::spawn(accept(listener, Arc::clone(&targets), passages));
        Ok((Self { address, passage }, targets))
    }

    /// From now on what comes is treated so.
    pub(crate) fn set(&self, passage: Passage) {
        self.passage.send_replace(passage);
    }
}

async fn accept(listener: TcpListener, targets: Arc<[Target]>, passage: watch::Receiver<Passage>) {
    let next = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        if *passage.borrow() != Passage::Cut {
            let (targets, next) = (Arc::clone(&targets), Arc::clone(&next));
            tokio::spawn(lead(stream, targets, next, passage.clone()));
        }
    }
}

/// Leads one connection until either end is gone, or it is cut.
async fn lead(
    here: TcpStream,
    targets: Arc<[Target]>,
    next: Arc<AtomicUsize>,
    passage: watch::Receiver<Passage>,
) {
    let Some(there) = connect(&targets, &next).await else { return };
    // Where it cannot be set, messages are late and still right.
    let _ = (here.set_nodelay(true), there.set_nodelay(true));
    let ((mut hear, mut say), (mut read, mut write)) = (here.into_split(), there.into_split());
    tokio::select! {
        () = carry(&mut hear, &mut write, passage.clone()) => {}
        () = carry(&mut read, &mut say, passage) => {}
    }
}

/// Connects to the next target that is well, or to any that answers.
async fn connect(targets: &[Target], next: &AtomicUsize) -> Option<TcpStream> {
    let first = next.fetch_add(1, Ordering::Relaxed);
    let turn = |n: usize| &targets[(first + n) % targets.len()];
    let all = || (0..targets.len()).map(turn);
    let is_well = |target: &&Target| target.is_well.load(Ordering::Relaxed);
    for target in all().filter(is_well).chain(all().filter(|target| !is_well(target))) {
        if let Ok(Ok(stream)) = timeout(CONNECT_WITHIN, TcpStream::connect(target.address)).await {
            return Some(stream);
        }
    }
    None
}

async fn carry(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut passage: watch::Receiver<Passage>,
) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = tokio::select! {
            read = from.read(&mut buffer) => read.unwrap_or(0),
            _ = passage.wait_for(|now| *now == Passage::Cut) => return,
        };
        let thawed =
            passage.wait_for(|now| *now != Passage::Frozen).await.is_ok_and(|now| *now == Passage::Open);
        if length == 0 || !thawed || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn watch_over(targets: Arc<[Target]>, n: usize) {
    let mut ask = tokio::time::interval(ASK_EVERY);
    loop {
        ask.tick().await;
        let answer = timeout(HEALTH_WITHIN, is_ready(targets[n].address)).await;
        targets[n].is_well.store(matches!(answer, Ok(Ok(true))), Ordering::Relaxed);
    }
}

async fn is_ready(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n").await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(head == *b"HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reader, mut writer) = stream.split();
                    tokio::io::copy(&mut reader, &mut writer).await
                });
            }
        });
        address
    }

    /// Whether a byte comes back; a cut gate ends the connection instead.
    async fn answers(stream: &mut TcpStream) -> bool {
        let mut back = [0];
        stream.write_all(b"x").await.is_ok() && matches!(stream.read(&mut back).await, Ok(1))
    }

    #[tokio::test]
    async fn a_cut_gate_ends_what_is_there_and_what_comes_and_an_open_one_carries_again() {
        let gate = Gate::to(echo().await).await.expect("loopback has free ports");
        let mut before = TcpStream::connect(gate.address).await.expect("the gate takes connections");
        assert!(answers(&mut before).await);
        gate.set(Passage::Cut);
        assert!(!answers(&mut before).await);
        let mut meanwhile = TcpStream::connect(gate.address).await.expect("the gate takes connections");
        assert!(!answers(&mut meanwhile).await);
        gate.set(Passage::Open);
        let mut after = TcpStream::connect(gate.address).await.expect("the gate takes connections");
        assert!(answers(&mut after).await);
    }
}
