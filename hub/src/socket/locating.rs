//! Rooms that this node never heard of may be another node's: they are looked for, while what was asked of them waits in
//! its order.

use std::collections::HashMap;
use std::sync::Arc;

use plenum_protocol::{Codec, Incoming, Limits as FrameLimits, parse_frame};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Refusal;

use super::commands::again;
use crate::shard::{ClusterNews, News, Shard, SocketId};

/// Commands of one shard that may wait for a room to be found.
const WAITING_MAX: usize = 4_096;

struct Waiting {
    socket: SocketId,
    re: u64,
    codec: Codec,
    bytes: Vec<u8>,
}

/// What waits for rooms to be found.
#[derive(Default)]
pub(crate) struct Locating {
    rooms: HashMap<RoomRef, Vec<Waiting>>,
    waiting: usize,
}

impl Shard {
    /// The room of a command, when it has to be looked for first.
    pub(super) fn to_locate(&self, command: &Incoming<'_>) -> Option<RoomRef> {
        self.links.outside.as_ref()?;
        let room = RoomRef::parse(command.room.as_deref()?)?;
        self.links.directory.find(room).is_none().then_some(room)
    }

    /// Lets a command wait until its room is found.
    pub(super) fn locate(
        &mut self,
        id: SocketId,
        codec: Codec,
        command: &Incoming<'_>,
        room: RoomRef,
    ) -> Result<(), Refusal> {
        if self.locating.waiting >= WAITING_MAX {
            return Err(Refusal::busy("the hub has more to do than it can; try again", 250));
        }
        self.locating.waiting += 1;
        let waiting = Waiting { socket: id, re: command.id, codec, bytes: again(codec, command) };
        let others = self.locating.rooms.entry(room).or_default();
        others.push(waiting);
        if let (1, Some(outside)) = (others.len(), &self.links.outside) {
            let (links, me) = (Arc::clone(&self.links), self.me);
            let found = move |refusal| links.tell(me, News::Cluster(ClusterNews::Located { room, refusal }));
            outside.locate(room, Box::new(found));
        }
        Ok(())
    }

    /// A room was looked for: what waited for it is done, or refused.
    pub(crate) fn located(&mut self, room: RoomRef, refusal: Option<&Refusal>) {
        for waiting in self.locating.rooms.remove(&room).unwrap_or_default() {
            self.locating.waiting -= 1;
            let refusal = match refusal {
                Some(refusal) => Some(refusal.clone()),
                None => self.do_again(&waiting).err(),
            };
            if let Some(refusal) = refusal {
                self.refuse(waiting.socket, Some(waiting.re), &refusal);
            }
        }
    }

    fn do_again(&mut self, waiting: &Waiting) -> Result<(), Refusal> {
        let command = parse_frame(waiting.codec, &waiting.bytes, &FrameLimits::CLIENT).next();
        match command {
            Some(Ok(command)) if self.is_open(waiting.socket) => {
                self.of_room(waiting.socket, waiting.codec, &command)
            }
            _ => Ok(()),
        }
    }
}
