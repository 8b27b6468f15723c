//! The whole client as a pure state machine: no socket, no clock, no task. The caller says what happened and what time
//! it is (milliseconds since 1970), and does the [`Effect`]s that come out, in their order.

mod calls;
mod clock;
mod comeback;
mod dice;
mod follower;
mod opening;
mod pace;
mod queue;
mod rooms;
mod traffic;
mod upkeep;

pub(crate) use comeback::LONGEST_MS;
pub use queue::{Action, Ticket};

use std::collections::VecDeque;

use plenum_protocol::Codec;

use self::calls::Calls;
use self::clock::ServerClock;
use self::comeback::{ComebackPlan, Lived};
use self::dice::Dice;
use self::queue::ActionQueue;
use self::rooms::Rooms;
use crate::{LinkState, Payload, Refusal, RoomUpdate};

/// What a core is made with.
#[derive(Clone, Debug)]
pub struct CoreOptions {
    /// How frames are encoded.
    pub codec: Codec,
    /// Which client this is, `name/version`.
    pub client: String,
    /// How many actions may wait for their answer.
    pub outbox_max: usize,
    /// The longest wait between two tries to connect, in milliseconds.
    pub comeback_max_ms: u64,
    /// Where the client's chance begins; another one for every client.
    pub seed: u64,
}

/// What the caller is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Get an access token and hand it to [`Core::token`] with the same number.
    FetchToken {
        /// Names the request.
        request: u64,
        /// The last token was refused or is about to end.
        fresh: bool,
    },
    /// Open a socket; then [`Core::opened`] or [`Core::closed`].
    Open,
    /// Send one frame on the open socket.
    Send(Vec<u8>),
    /// Close the socket, or give up opening it, and say nothing more about it.
    Close,
    /// Something is heard of a room.
    Update(RoomUpdate),
    /// A command ended.
    Settled(Ticket, Result<Payload, Refusal>),
    /// The connection is somewhere else now.
    State(LinkState),
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoToken {
    /// For now: try again later.
    Passing,
    /// There will be none: stop.
    SignedOut,
}

/// What the connection is doing.
#[derive(Debug)]
enum Phase {
    Idle,
    /// Getting a token, opening or greeting; given up at that time.
    Opening {
        by_ms: i64,
        token: Option<String>,
    },
    Live {
        lived: Lived,
        frame_bytes_max: usize,
    },
    Waiting {
        until_ms: i64,
    },
}

/// Times at which something is due on the socket of now.
#[derive(Debug, Default)]
struct Due {
    ping_ms: Option<i64>,
    pong_ms: Option<i64>,
    renew_ms: Option<i64>,
    move_ms: Option<i64>,
    /// When a fresh token was last asked for; not a time to wake at.
    renewal_asked_ms: Option<i64>,
}

/// A client without a socket. See the module.
#[derive(Debug)]
pub struct Core {
    options: CoreOptions,
    phase: Phase,
    due: Due,
    ping_every_ms: i64,
    token_request: u64,
    needs_fresh_token: bool,
    plan: ComebackPlan,
    dice: Dice,
    clock: ServerClock,
    calls: Calls,
    rooms: Rooms,
    queue: ActionQueue,
    next_ticket: u64,
    /// Encoded commands that leave together when the caller's call is over.
    outgoing: Vec<Vec<u8>>,
    effects: VecDeque<Effect>,
}

impl Core {
    /// A client that has not started.
    pub fn new(options: CoreOptions) -> Self {
        Self {
            phase: Phase::Idle,
            due: Due::default(),
            ping_every_ms: 0,
            token_request: 0,
            needs_fresh_token: false,
            plan: ComebackPlan::new(options.comeback_max_ms),
            dice: Dice::new(options.seed),
            clock: ServerClock::default(),
            calls: Calls::default(),
            rooms: Rooms::new(),
            queue: ActionQueue::new(options.outbox_max),
            next_ticket: 0,
            outgoing: Vec::new(),
            effects: VecDeque::new(),
            options,
        }
    }

    /// The next thing to do.
    pub fn effect(&mut self) -> Option<Effect> {
        self.flush();
        self.effects.pop_front()
    }

    /// When [`Core::tick`] wants to be called, if nothing else happens before.
    pub fn wake_at_ms(&self) -> Option<i64> {
        let phase = match &self.phase {
            Phase::Opening { by_ms, .. } => Some(*by_ms),
            Phase::Waiting { until_ms } => Some(*until_ms),
            Phase::Live { .. } => {
                self.queue.next_at_ms().into_iter().chain(rooms::next_at_ms(&self.rooms)).min()
            }
            Phase::Idle => None,
        };
        let Due { ping_ms, pong_ms, renew_ms, move_ms, .. } = self.due;
        [phase, ping_ms, pong_ms, renew_ms, move_ms].into_iter().flatten().min()
    }

    /// How far the hub's clock is ahead of the caller's, in milliseconds.
    pub fn clock_offset_ms(&self) -> i64 {
        self.clock.offset_ms()
    }

    /// Connects, and stays connected until [`Core::stop`].
    pub fn start(&mut self, now_ms: i64) {
        if matches!(self.phase, Phase::Idle) {
            self.open(now_ms);
        }
    }

    /// Disconnects. Unanswered actions and wanted rooms stay: [`Core::start`] goes on with them.
    pub fn stop(&mut self) {
        self.drop_socket();
        self.phase = Phase::Idle;
        self.say(LinkState::Idle);
    }

    /// Refuses everything that waits; for a caller that goes away.
    pub fn abandon(&mut self) {
        for ticket in self.queue.drain() {
            let refusal = Refusal::new(crate::code::CLOSED, "the client was closed before the answer came");
            self.effects.push_back(Effect::Settled(ticket, Err(refusal)));
        }
    }

    /// Does something that counts once, now or when the line is back.
    pub fn act(&mut self, now_ms: i64, action: Action) -> Ticket {
        let ticket = self.ticket();
        match self.queue.add(ticket, action) {
            Ok(()) => self.send_actions(now_ms),
            Err(refusal) => self.effects.push_back(Effect::Settled(ticket, Err(refusal))),
        }
        ticket
    }

    const fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    fn say(&mut self, state: LinkState) {
        self.effects.push_back(Effect::State(state));
    }
}
