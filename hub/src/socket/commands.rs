//! What clients ask: hello, refresh, ping, join and leave here, everything else in rooms.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use plenum_domain::Id;
use plenum_domain::tenant::Feature;
use plenum_protocol::{
    CloseCode, Codec, Command, CommandLimits, Hello, HelloOk, Incoming, Limits as FrameLimits, decode,
    parse_frame, salvage_id, write_command, write_hello_ok, write_ok, write_pong, write_renewed,
};
use plenum_rooms::Input;
use plenum_rooms::engine::Refusal;

use super::identity::{IdentifyError, Identity};
use super::sockets::NEVER;
use super::{engine_codec, frame};
use crate::limits::Exceeded;
use crate::shard::{Shard, SocketId, Waiting};

/// A client that was refused so often in a row for going too fast does not listen: it is closed.
const FLOOD_REFUSALS: u8 = 200;
/// Frames and bytes that may arrive while a token is checked.
const HELD_FRAMES: usize = 64;
const HELD_BYTES: usize = 128 * 1024;
/// A hub takes back about so many clients a millisecond after it was away.
const BACK_PER_MS: u64 = 2;

/// A token is being looked up; commands behind it wait, so that their order is kept.
pub(crate) struct Later {
    pub(super) answer: Answer,
    pub(super) re: u64,
    pub(super) is_hello: bool,
    pub(super) held: Vec<Vec<u8>>,
    held_bytes: usize,
}

/// Who is behind a token, once it is known.
type Answer = Pin<Box<dyn Future<Output = Result<Identity, IdentifyError>>>>;

impl Later {
    /// Keeps a frame for later. Returns whether there was room.
    pub(super) fn hold(&mut self, bytes: &[u8]) -> bool {
        self.held_bytes += bytes.len();
        let fits = self.held.len() < HELD_FRAMES && self.held_bytes <= HELD_BYTES;
        if fits {
            self.held.push(bytes.to_vec());
        }
        fits
    }
}

impl Shard {
    /// Handles the commands of a frame. Those behind a hello in the same frame wait for its answer.
    pub(super) fn commands(&mut self, id: SocketId, codec: Codec, bytes: &[u8], later: &mut Option<Later>) {
        for command in parse_frame(codec, bytes, &FrameLimits::CLIENT) {
            if !self.is_open(id) {
                return;
            }
            match command {
                Ok(command) => match later {
                    None => *later = self.command(id, codec, &command),
                    Some(later) => {
                        if !later.hold(&again(codec, &command)) {
                            return self.close_eager(id);
                        }
                    }
                },
                Err(bad) => {
                    let refusal = Refusal::new(bad.code(), bad.reason.to_string());
                    self.refuse(id, bad.id, &refusal);
                    self.must_be_known(id);
                }
            }
        }
    }

    /// Before it is known who speaks, little is kept.
    pub(super) fn close_eager(&mut self, id: SocketId) {
        self.close(id, CloseCode::BadProtocol, "too much was sent before the hello was answered");
    }

    /// Handles one command. Returns a token that must be checked.
    fn command(&mut self, id: SocketId, codec: Codec, command: &Incoming<'_>) -> Option<Later> {
        if !self.admit(id, Some(command.id)) {
            return None;
        }
        let is_known = self.sockets.find(id)?.who.is_some();
        let done = match &*command.op {
            "hello" if is_known => Err(Refusal::new("hub.bad_frame", "this socket has said hello already")),
            "hello" | "auth.refresh" => match token(codec, command) {
                Ok(token) if is_known || command.op == "hello" => {
                    return self.identify(id, command.id, command.op == "hello", token);
                }
                Ok(_) => Err(hello_first()),
                Err(refusal) => Err(refusal),
            },
            _ if !is_known => Err(hello_first()),
            "ping" => {
                self.ping(id, codec, command.id);
                Ok(())
            }
            _ => match self.to_locate(command) {
                Some(room) => self.locate(id, codec, command, room),
                None => self.of_room(id, codec, command),
            },
        };
        if let Err(refusal) = done {
            self.refuse(id, Some(command.id), &refusal);
            self.must_be_known(id);
        }
        None
    }

    /// Finds out who is behind a token. Most tokens say it themselves; one that must be looked up is answered later.
    fn identify(&mut self, id: SocketId, re: u64, is_hello: bool, token: String) -> Option<Later> {
        let who = Arc::clone(self.who.as_ref()?);
        let mut answer: Answer = Box::pin(async move { who.identify(&token).await });
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(identified) => {
                self.introduced(id, re, is_hello, identified);
                None
            }
            Poll::Pending => Some(Later { answer, re, is_hello, held: Vec::new(), held_bytes: 0 }),
        }
    }

    /// What a command asks of a room.
    pub(super) fn of_room(
        &mut self,
        id: SocketId,
        codec: Codec,
        command: &Incoming<'_>,
    ) -> Result<(), Refusal> {
        match &*command.op {
            "join" => {
                self.room_of(command).and_then(|room| self.join(id, command.id, room, command.since.as_ref()))
            }
            "leave" => self.room_of(command).and_then(|room| self.leave(id, codec, command.id, room)),
            _ => self.in_room(id, command),
        }
    }

    /// A socket that speaks before its hello is closed after the refusal.
    fn must_be_known(&mut self, id: SocketId) {
        if self.sockets.find(id).is_some_and(|socket| socket.who.is_none() && !socket.is_closing()) {
            self.close(id, CloseCode::BadProtocol, "the first command is hello");
        }
    }

    fn room_of<'a>(&self, command: &'a Incoming<'_>) -> Result<&'a str, Refusal> {
        let missing = || Refusal::new("hub.bad_frame", format!("{} needs the field \"room\"", command.op));
        command.room.as_deref().ok_or_else(|| missing().with("field", "room"))
    }

    fn ping(&mut self, id: SocketId, codec: Codec, re: u64) {
        let server_ms = self.now().ms();
        self.write_answer(id, frame(codec, 48, |out| write_pong(codec, out, re, server_ms)));
    }

    fn leave(&mut self, id: SocketId, codec: Codec, re: u64, room: &str) -> Result<(), Refusal> {
        let (room, ..) = self.visible(id, room)?;
        if !self.leave_room(id, room) {
            return Err(not_joined(&room.to_string()));
        }
        self.write_answer(id, frame(codec, 24, |out| write_ok(codec, out, re, None)));
        Ok(())
    }

    /// Sends a command to its room.
    fn in_room(&mut self, id: SocketId, command: &Incoming<'_>) -> Result<(), Refusal> {
        let (room, owner, by) = self.visible(id, self.room_of(command)?)?;
        self.is_switched_on(id, &command.op)?;
        let Some(socket) = self.sockets.find(id) else { return Ok(()) };
        if !socket.seats.iter().any(|seat| seat.room == room) {
            return Err(not_joined(&room.to_string()));
        }
        let codec = engine_codec(socket.codec);
        let urgent = by.moderates();
        let key = command.key.map(Id::from_bits);
        let followed = self.links.tracer.follow(key, &command.op, room);
        let ticket = self.wait(Waiting::Reply { socket: id, re: command.id, followed });
        let op = command.op.as_ref().into();
        let data = Bytes::copy_from_slice(command.data.unwrap_or_default());
        let input = Input::Command { ticket, sub: Some(id.sub()), by, room, key, op, codec, data };
        self.send(owner, input, urgent).inspect_err(|_| self.forget(ticket))
    }

    /// A poll is made in its session's room.
    fn is_switched_on(&mut self, id: SocketId, op: &str) -> Result<(), Refusal> {
        let feature = op.split('.').next().and_then(Feature::of_room);
        let tenant = self.sockets.find(id).and_then(|socket| Some(socket.who.as_ref()?.tenant));
        tenant.map_or(Ok(()), |tenant| self.links.limits.is_on(tenant, feature))
    }

    /// Takes a command from the buckets; refuses it when one is empty, and closes who does not listen.
    pub(super) fn admit(&mut self, id: SocketId, re: Option<u64>) -> bool {
        let now = self.now_of_turn();
        let Some(socket) = self.sockets.find(id) else { return false };
        let mut admitted = self.links.limits.connection(&mut socket.bucket, now);
        if let (Ok(()), Some(known)) = (&admitted, &socket.who) {
            admitted = self.links.limits.person(known.actor.participant, known.tenant);
        }
        let Err(exceeded) = admitted else {
            socket.refused = 0;
            return true;
        };
        socket.refused = socket.refused.saturating_add(1);
        if socket.refused > FLOOD_REFUSALS {
            self.close(id, CloseCode::Flooding, CloseCode::Flooding.meaning());
        } else if re.is_some() {
            self.refuse(id, re, &rate_limited(exceeded));
        }
        false
    }

    /// The answer to a token that was checked.
    pub(super) fn introduced(
        &mut self,
        id: SocketId,
        re: u64,
        is_hello: bool,
        identified: Result<Identity, IdentifyError>,
    ) {
        let identity = match identified {
            Ok(identity) => identity,
            Err(error) => return self.unidentified(id, re, is_hello, &error),
        };
        if is_hello { self.welcome(id, re, identity) } else { self.renew(id, re, identity) }
    }

    fn unidentified(&mut self, id: SocketId, re: u64, is_hello: bool, error: &IdentifyError) {
        let refusal = match error {
            IdentifyError::Unavailable => Refusal::busy(&error.to_string(), 1_000),
            _ => Refusal::new("hub.token_expired", error.to_string()),
        };
        self.refuse(id, Some(re), &refusal);
        if is_hello {
            self.close(id, CloseCode::Token, CloseCode::Token.meaning());
        }
    }

    fn welcome(&mut self, id: SocketId, re: u64, identity: Identity) {
        let participant = identity.actor.participant;
        if !self.links.limits.enter_person(participant) {
            let allowed = self.links.limits.settings.sockets_per_participant;
            let why = format!("one participant has at most {allowed} sockets; close one first");
            let refusal =
                Refusal::new("hub.rate_limited", why).with("limit", "limits.sockets_per_participant");
            self.refuse(id, Some(re), &refusal);
            return self.close(id, CloseCode::Flooding, "too many sockets of one participant");
        }
        let session = self.links.clock.id();
        let Some(socket) = self.sockets.find(id) else { return self.links.limits.leave_person(participant) };
        let codec = socket.codec;
        socket.until = NEVER;
        let hello = self.hello_ok(&identity, session);
        if let Some(socket) = self.sockets.find(id) {
            socket.who = Some(Box::new(identity));
        }
        self.write_answer(id, frame(codec, 512, |out| write_hello_ok(codec, out, re, &hello)));
    }

    fn hello_ok(&self, identity: &Identity, session: Id) -> HelloOk<'static> {
        let limits = self.links.limits.settings;
        HelloOk {
            participant: Cow::Owned(identity.actor.participant.to_string()),
            conference: identity.conference.map(|conference| Cow::Owned(conference.to_string())),
            roles: identity.actor.roles.iter().map(|role| Cow::Borrowed(role.name())).collect(),
            server_ms: self.now().ms(),
            ping_s: self.wire.ping_s,
            session: Cow::Owned(session.to_string()),
            token_ends_ms: identity.expires.ms(),
            max_frame_bytes: self.wire.frame_bytes_max as u32,
            limits: CommandLimits {
                commands_per_s: limits.commands_per_s,
                commands_burst: limits.commands_burst,
            },
            herd_ms: (self.sockets.len() as u64 * self.links.shards() as u64 / BACK_PER_MS)
                .clamp(1_000, 30_000),
        }
    }

    fn renew(&mut self, id: SocketId, re: u64, identity: Identity) {
        let Some(socket) = self.sockets.find(id) else { return };
        let (codec, ends_ms) = (socket.codec, identity.expires.ms());
        let Some(known) = &mut socket.who else { return };
        let held = &**known;
        let is_same = held.actor.participant == identity.actor.participant
            && held.tenant == identity.tenant
            && held.conference == identity.conference;
        if !is_same {
            let refusal =
                Refusal::new("hub.forbidden", "this token is somebody else's; open another socket for it");
            return self.refuse(id, Some(re), &refusal);
        }
        **known = identity;
        self.write_answer(id, frame(codec, 48, |out| write_renewed(codec, out, re, ends_ms)));
    }

    pub(super) fn refuse_too_large(&mut self, id: SocketId, start: &[u8]) {
        let Some(codec) = self.codec_of(id) else { return };
        let limit = self.wire.frame_bytes_max;
        if let Some(re) = salvage_id(codec, start) {
            let why = format!("a frame has at most {limit} bytes");
            self.refuse(id, Some(re), &Refusal::new("hub.too_large", why).with("limit", limit));
        }
    }
}

fn token(codec: Codec, command: &Incoming<'_>) -> Result<String, Refusal> {
    let data = command.data.ok_or_else(|| Refusal::bad_data(&command.op, "it needs data with a token"))?;
    let hello: Hello<'_> = decode(codec, data).map_err(|why| Refusal::bad_data(&command.op, why))?;
    Ok(hello.token.into_owned())
}

fn hello_first() -> Refusal {
    Refusal::new("hub.bad_frame", "the first command is hello")
}

fn not_joined(room: &str) -> Refusal {
    Refusal::new("hub.not_joined", format!("join {room} first")).with("room", room)
}

fn rate_limited(exceeded: Exceeded) -> Refusal {
    let why = format!("too fast: {} allows {}", exceeded.limit, exceeded.allowed);
    let refusal = Refusal::new("hub.rate_limited", why).retry_after(exceeded.retry_ms);
    refusal.with("limit", exceeded.limit).with("allowed", exceeded.allowed)
}

/// A command of a larger frame, as a frame of its own.
pub(super) fn again(codec: Codec, command: &Incoming<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let same = Command {
        id: command.id,
        op: &command.op,
        room: command.room.as_deref(),
        key: command.key,
        since: command.since.clone(),
        data: command.data,
    };
    write_command(codec, &mut out, &same);
    out
}
