//! Commands out, their answers and pushes in.

use plenum_protocol::{
    Command, HelloOk, Limits, Moving, Push, ServerMessage, Since, code, decode, parse_joined,
    parse_server_frame, write_command,
};
use serde::Deserialize;

use super::calls::Call;
use super::comeback::{backoff_ms, millis};
use super::follower::{Place, Verdict};
use super::queue::Ticket;
use super::rooms::Wanted;
use super::{Core, Effect, Phase};
use crate::{Codec, Payload, Refusal, RoomUpdate};

/// Objects in one frame, at most; the hub takes 64.
const OBJECTS_MAX: usize = 64;
/// An array's frame is this much longer than its objects (MessagePack's longest header of so many).
const ARRAY_BYTES: usize = 3;

/// What is read of an `ok` that is about time.
#[derive(Deserialize)]
struct Times {
    server_ms: Option<i64>,
    token_ends_ms: Option<i64>,
}

impl Core {
    /// Listens to a room: its state comes first. Again for a room that is listened to: the state comes again.
    pub fn join(&mut self, room: &str) {
        let codec = self.options.codec;
        let wanted = self.rooms.entry(room.to_owned()).or_insert_with(|| Wanted::new(codec, room));
        wanted.wants_all = true;
        self.ask(room);
    }

    /// Stops listening to a room.
    pub fn leave(&mut self, room: &str) {
        if self.rooms.remove(room).is_some() && self.is_live() {
            self.call_with(Call::Leave, "leave", Some(room), None);
        }
    }

    /// Does something that is not worth keeping: now or not at all. `data` is an object in the client's codec.
    pub fn signal(&mut self, room: &str, op: &str, data: &[u8]) -> Ticket {
        let ticket = self.ticket();
        if self.is_live() {
            self.call_with(Call::Signal(ticket), op, Some(room), Some(data));
        } else {
            self.settle(ticket, Err(Refusal::new(crate::code::OFFLINE, "the line is down")));
        }
        ticket
    }

    /// A frame came.
    pub fn frame(&mut self, now_ms: i64, bytes: &[u8]) {
        for message in parse_server_frame(self.options.codec, bytes, &Limits::SERVER) {
            match message {
                Ok(ServerMessage::Ok { re, ok }) => self.answered(now_ms, re, ok),
                Ok(ServerMessage::Err { re: Some(re), code, message, retry_ms, .. }) => {
                    let refusal =
                        Refusal { code: code.into_owned(), message: message.into_owned(), retry_ms };
                    self.refused(now_ms, re, refusal);
                }
                Ok(ServerMessage::Err { re: None, .. }) => {}
                Ok(ServerMessage::Push(push)) => self.pushed(now_ms, &push),
                Err(_) => self.broke(now_ms),
            }
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    fn answered(&mut self, now_ms: i64, re: u64, ok: &[u8]) {
        let Some(call) = self.calls.end(re) else { return };
        let codec = self.options.codec;
        let times = || decode::<Times>(codec, ok).ok();
        match call {
            Call::Hello { sent_ms } => match decode::<HelloOk<'_>>(codec, ok) {
                Ok(hello) => self.greeted(now_ms, sent_ms, &hello),
                Err(_) => self.broke(now_ms),
            },
            Call::Ping { sent_ms } => self.pong(now_ms, sent_ms, times().and_then(|times| times.server_ms)),
            Call::Renew => self.plan_renewal(now_ms, times().and_then(|times| times.token_ends_ms)),
            Call::Join { room } => self.joined(now_ms, &room, ok),
            Call::Leave => {}
            Call::Act(ticket) => {
                self.queue.done(ticket);
                self.settle(ticket, Ok(ok));
                self.send_actions(now_ms);
            }
            Call::Signal(ticket) => self.settle(ticket, Ok(ok)),
        }
    }

    fn refused(&mut self, now_ms: i64, re: u64, refusal: Refusal) {
        let Some(call) = self.calls.end(re) else { return };
        match call {
            Call::Hello { .. } => self.hello_refused(now_ms, refusal),
            Call::Join { room } => self.join_refused(now_ms, room, refusal),
            Call::Act(ticket) => {
                self.renew_if_ended(now_ms, &refusal);
                let is_wanted = |room: &str| self.rooms.contains_key(room);
                if let Some(refusal) = self.queue.refused(ticket, refusal, is_wanted, now_ms, &mut self.dice)
                {
                    self.settle(ticket, Err(refusal));
                }
                self.send_actions(now_ms);
            }
            Call::Signal(ticket) => self.settle(ticket, Err(refusal)),
            // A refused ping is an answer too; a refused renewal is tried again at its time.
            Call::Ping { .. } => self.due.pong_ms = None,
            Call::Renew | Call::Leave => {}
        }
    }

    fn renew_if_ended(&mut self, now_ms: i64, refusal: &Refusal) {
        if refusal.code == code::TOKEN_EXPIRED {
            self.renew(now_ms);
        }
    }

    fn pushed(&mut self, now_ms: i64, push: &Push<'_>) {
        let Some(room) = push.room.as_deref() else {
            if push.ev == Moving::EV
                && let Ok(moving) = decode(self.options.codec, push.data)
            {
                self.moving(now_ms, moving);
            }
            return;
        };
        let Some(wanted) = self.rooms.get_mut(room) else { return };
        match wanted.follower.take(push) {
            Verdict::Apply(update) => self.effects.push_back(Effect::Update(update)),
            Verdict::Pass => {}
            Verdict::Gap => self.ask(room),
        }
    }

    pub(super) fn join_all(&mut self) {
        let names: Vec<String> = self.rooms.keys().cloned().collect();
        for room in names {
            self.ask(&room);
        }
    }

    /// Asks for a room: for what is missing behind the place that is held, or for all of it.
    pub(super) fn ask(&mut self, room: &str) {
        if !self.is_live() {
            return;
        }
        let Some(wanted) = self.rooms.get_mut(room).filter(|wanted| !wanted.asking) else { return };
        wanted.asking = true;
        wanted.retry_at_ms = None;
        if std::mem::take(&mut wanted.wants_all) {
            wanted.follower.place = None;
        }
        let place = wanted.follower.place.clone();
        let since =
            place.as_ref().map(|Place { epoch, seq }| Since { epoch: epoch.as_str().into(), seq: *seq });
        let id = self.calls.begin(Call::Join { room: room.to_owned() });
        self.write(&Command { id, op: "join", room: Some(room), since, ..Command::default() });
    }

    fn joined(&mut self, now_ms: i64, room: &str, ok: &[u8]) {
        let Ok(reply) = parse_joined(self.options.codec, ok) else { return self.broke(now_ms) };
        let Some(wanted) = self.rooms.get_mut(room) else { return };
        wanted.asking = false;
        wanted.tries = 0;
        // Somebody began to listen while a part was asked for: ask for all.
        if wanted.wants_all && reply.state.is_none() {
            return self.ask(room);
        }
        wanted.wants_all = false;
        let updates = wanted.follower.joined(&reply);
        self.effects.extend(updates.into_iter().map(Effect::Update));
    }

    fn join_refused(&mut self, now_ms: i64, room: String, refusal: Refusal) {
        self.renew_if_ended(now_ms, &refusal);
        let passes = code::is_passing(&refusal.code) || refusal.code == code::TOKEN_EXPIRED;
        let Some(wanted) = self.rooms.get_mut(&room) else { return };
        wanted.asking = false;
        if passes {
            let wait_ms = millis(refusal.retry_ms.unwrap_or(0))
                .saturating_add(backoff_ms(wanted.tries, &mut self.dice));
            wanted.tries += 1;
            wanted.retry_at_ms = Some(now_ms.saturating_add(wait_ms));
        } else {
            self.rooms.remove(&room);
            self.effects.push_back(Effect::Update(RoomUpdate::Refused { room, refusal }));
        }
    }

    pub(super) fn send_actions(&mut self, now_ms: i64) {
        if !self.is_live() {
            return;
        }
        for (ticket, action) in self.queue.due(now_ms) {
            let id = self.calls.begin(Call::Act(ticket));
            self.write(&Command {
                id,
                op: &action.op,
                room: Some(&action.room),
                key: Some(action.key),
                since: None,
                data: Some(&action.data),
            });
        }
    }

    pub(super) fn call_with(&mut self, call: Call, op: &str, room: Option<&str>, data: Option<&[u8]>) {
        let id = self.calls.begin(call);
        self.write(&Command { id, op, room, data, ..Command::default() });
    }

    /// Encodes a command; one that is too long for the hub is refused here.
    fn write(&mut self, command: &Command<'_>) {
        let mut bytes = Vec::new();
        write_command(self.options.codec, &mut bytes, command);
        let bytes_max = self.frame_bytes_max();
        if bytes.len() <= bytes_max {
            return self.outgoing.push(bytes);
        }
        let refusal = Refusal::new(code::TOO_LARGE, format!("a command takes at most {bytes_max} bytes"));
        if let Some(Call::Act(ticket) | Call::Signal(ticket)) = self.calls.end(command.id) {
            self.queue.done(ticket);
            self.settle(ticket, Err(refusal));
        }
    }

    const fn frame_bytes_max(&self) -> usize {
        match &self.phase {
            Phase::Live { frame_bytes_max, .. } => *frame_bytes_max,
            _ => Limits::CLIENT.frame_bytes_max,
        }
    }

    /// Puts what was written into as few frames as it fits into.
    pub(super) fn flush(&mut self) {
        let commands = std::mem::take(&mut self.outgoing);
        let mut rest = commands.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(self.fitting(rest));
            self.effects.push_back(Effect::Send(frame(self.options.codec, batch)));
            rest = later;
        }
    }

    /// How many of the commands fit into one frame; at least one.
    fn fitting(&self, commands: &[Vec<u8>]) -> usize {
        let bytes_max = self.frame_bytes_max();
        let lengths = commands.iter().scan(ARRAY_BYTES, |total, command| {
            *total += command.len() + 1;
            Some(*total)
        });
        lengths.take(OBJECTS_MAX).take_while(|total| *total <= bytes_max).count().max(1)
    }

    pub(super) fn lose_calls(&mut self) {
        for wanted in self.rooms.values_mut() {
            wanted.asking = false;
        }
        for call in self.calls.lose() {
            if let Call::Signal(ticket) = call {
                self.settle(ticket, Err(Refusal::new(crate::code::OFFLINE, "the line broke")));
            }
        }
    }

    fn settle(&mut self, ticket: Ticket, outcome: Result<&[u8], Refusal>) {
        let codec = self.options.codec;
        let outcome = outcome.map(|bytes| Payload { codec, bytes: bytes.to_vec() });
        self.effects.push_back(Effect::Settled(ticket, outcome));
    }
}

/// One command as it is, several as an array.
fn frame(codec: Codec, commands: &[Vec<u8>]) -> Vec<u8> {
    match (commands, codec) {
        ([one], _) => one.clone(),
        (many, Codec::Json) => [b"[".as_slice(), &many.join(&b','), b"]"].concat(),
        (many, Codec::MsgPack) => {
            let count = u8::try_from(many.len()).expect("at most 64 objects in a frame");
            // fixarray to 15, array16 above (the MessagePack specification, "array format family").
            let header: &[u8] = if count < 16 { &[0x90 | count] } else { &[0xdc, 0, count] };
            [header, &many.concat()].concat()
        }
    }
}
