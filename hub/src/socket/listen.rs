//! One listener a shard on the same address: the kernel spreads connections over them.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use plenum_protocol::Codec;
use socket2::{Domain, Protocol, SockRef, Socket as RawSocket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::files::Files;
use super::handoff::Http;
use super::handshake::{self, Head, Origins};
use super::identity::Identify;
use super::opening::Opening;
use super::sockets::{Phase, Socket};
use super::tls::TlsKeys;
use super::wire::Wire;
use crate::limits::Bucket;
use crate::shard::{Shard, ShardCell, SocketId, StartError};

/// After an error of accept (no file descriptors left) the listener rests for so long.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// What stands behind the doors: who checks tokens, and who serves ordinary requests.
#[derive(Clone)]
pub struct Front {
    /// Checks tokens.
    pub who: Arc<dyn Identify>,
    /// Serves what is not a socket.
    pub http: Http,
    /// Origins whose pages may open sockets, beside the hub's own.
    pub origins: Vec<String>,
    /// The certificate to show; none when the listener speaks plain HTTP.
    pub tls: Option<Arc<TlsKeys>>,
    /// What sockets may use of the process's file descriptors.
    pub files: Arc<Files>,
}

/// What a shard's listener waits for before it opens.
pub(crate) struct Door(oneshot::Receiver<(StdListener, Front)>);
/// The other end of a [`Door`].
pub(crate) struct DoorKey(oneshot::Sender<(StdListener, Front)>);

pub(crate) fn door() -> (DoorKey, Door) {
    let (key, door) = oneshot::channel();
    (DoorKey(key), Door(door))
}

/// The listeners of all shards, still closed.
#[derive(Default)]
pub struct Doors {
    keys: Vec<DoorKey>,
    backlog: i32,
}

impl Doors {
    pub(crate) fn new(backlog: i32) -> Self {
        Self { keys: Vec::new(), backlog }
    }

    pub(crate) fn push(&mut self, key: DoorKey) {
        self.keys.push(key);
    }

    /// Listens on `address` with every shard. Returns the address, with the port that the system chose when it was 0.
    ///
    /// # Errors
    /// [`StartError::Listen`] names the address.
    pub fn open(self, address: SocketAddr, front: &Front) -> Result<SocketAddr, StartError> {
        let failed = |why| StartError::Listen { address, why };
        alone(address).map_err(failed)?;
        let mut address = address;
        for key in self.keys {
            let listener = listener(address, self.backlog).map_err(failed)?;
            address = listener.local_addr().map_err(failed)?;
            // A shard whose thread has ended listens no more.
            let _ = key.0.send((listener, front.clone()));
        }
        Ok(address)
    }
}

/// Sees to it that no other program listens on the address: listeners that share a port would take half of each
/// other's connections without a word.
fn alone(address: SocketAddr) -> io::Result<()> {
    let socket = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(1)
}

fn listener(address: SocketAddr, backlog: i32) -> io::Result<StdListener> {
    let socket = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Accepts connections of a shard, once its door is opened.
pub(crate) async fn serve(cell: ShardCell, door: Door) {
    let Ok((listener, front)) = door.0.await else { return };
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the listener cannot be used"),
    };
    cell.get().who = Some(Arc::clone(&front.who));
    let front = Rc::new(front);
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                tokio::task::spawn_local(receive(cell.clone(), stream, from.ip(), Rc::clone(&front)));
            }
            Err(error) => {
                front.files.not_accepted(&error);
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

/// Reads a connection's head and sends it where it belongs.
async fn receive(cell: ShardCell, stream: TcpStream, from: IpAddr, front: Rc<Front>) {
    let timeout = Duration::from_millis(cell.get().wire.hello_timeout_ms.max(0) as u64);
    let origins = Origins { allowed: front.origins.clone() };
    let mut opening = Opening::new(stream);
    let head = opening.read_head(front.tls.as_deref(), &origins);
    let head = match tokio::time::timeout(timeout, head).await {
        Ok(Some(head)) => head,
        Ok(None) => return,
        Err(_) => {
            let late = handshake::refusal(408, "REQUEST_TIMEOUT", "the request did not come in time");
            return opening.say(&late);
        }
    };
    match head {
        Head::Partial => {}
        Head::Http => front.http.serve(opening.stream, opening.tls, opening.bytes, from),
        Head::Refused(refusal) => opening.say(&refusal),
        Head::Socket { codec, response, size } => {
            let first = opening.bytes.split_off(size);
            opening.bytes = Vec::new();
            open(&cell, opening, from, &front.files, codec, &response, first);
        }
    }
}

fn open(
    cell: &ShardCell,
    mut opening: Opening,
    from: IpAddr,
    files: &Files,
    codec: Codec,
    response: &[u8],
    mut first: Vec<u8>,
) {
    if cell.get().links.is_closing() {
        let why = "this hub is about to end; come again, to another one";
        return opening.say(&handshake::refusal(503, "BUSY", why));
    }
    if !files.admit(&opening.stream) {
        let why = "the hub has as many sockets as it can have; try again later";
        return opening.say(&handshake::refusal(503, "BUSY", why));
    }
    if !cell.get().links.limits.enter_address(from) {
        let why = "too many sockets from this address (limits.sockets_per_address)";
        return opening.say(&handshake::refusal(429, "RATE_LIMITED", why));
    }
    tune(&opening.stream, cell.get().wire.send_buffer_bytes);
    opening.say(response);
    let (stream, tls) = (opening.stream.into_std(), opening.tls);
    let opened = stream.and_then(|stream| cell.get().add_socket(Wire::new(stream, tls), codec, from));
    match opened {
        Ok(id) => cell.get().take_bytes(id, &mut first),
        Err(error) => {
            cell.get().links.limits.leave_address(from);
            tracing::warn!(%error, "a connection could not be opened");
        }
    }
    cell.ring();
}

/// A slow client must not hide megabytes in the kernel, and small frames must not wait for each other.
fn tune(stream: &TcpStream, send_buffer_bytes: usize) {
    let socket = SockRef::from(stream);
    let tuned = stream
        .set_nodelay(true)
        .and_then(|()| socket.set_send_buffer_size(send_buffer_bytes))
        .and_then(|()| socket.set_tcp_notsent_lowat(send_buffer_bytes as u32 / 4));
    if let Err(error) = tuned {
        tracing::debug!(%error, "a socket keeps the system's buffers");
    }
}

impl Shard {
    fn add_socket(&mut self, wire: Wire, codec: Codec, address: IpAddr) -> io::Result<SocketId> {
        let now = self.now();
        let until = now.plus_ms(self.wire.hello_timeout_ms);
        let id = self.sockets.add(wire, |id, wire| Socket {
            id,
            wire,
            codec,
            phase: Phase::Open,
            refused: 0,
            outbox: None,
            partial: None,
            who: None,
            seats: Vec::new(),
            bucket: Bucket::default(),
            heard_at: now,
            pinged_at: now,
            until,
            address,
        })?;
        metrics::gauge!("plenum_sockets").increment(1.0);
        Ok(id)
    }
}
