//! What must be so when all is quiet.

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Codec, RoomRef, Settings};

use super::client::Client;
use super::oracle::{self, Violation};
use super::sameness::{difference, lasting};
use crate::desk::{Desk, Journal};

/// Everyone holds the room's state, everything is counted, and the journal is the room, whose state is `live`.
pub(super) fn judge(
    journal: &Journal,
    now: Timestamp,
    room: RoomRef,
    live: Option<Vec<u8>>,
    clients: &[Client],
) -> Result<(), Violation> {
    oracle::no_holes(journal)?;
    oracle::all_counted(clients, journal)?;
    let mut desk = Desk::tuned(Settings::default());
    (desk.journal, desk.now) = (journal.clone(), now);
    let mut again = desk.restarted();
    if again.engine.state_bytes(room) != live {
        return Err("the journal rebuilds another state than the room's".to_owned());
    }
    for client in clients {
        let (seq, held) = client.held.clone().ok_or("someone never came in")?;
        // It may be behind: the last facts need not be for its audience.
        if Some(seq) > again.engine.seq(room) {
            return Err(format!(
                "{} is at {seq}, in another state than the room ever was",
                client.actor.name
            ));
        }
        let shown = crate::desk::read(Codec::Json, &again.look(&client.actor, room, Codec::Json));
        let (held, shown) = lasting(held, shown);
        if held != shown {
            let differ = difference(&held, &shown);
            return Err(format!("{} holds another state than the room's in {differ}", client.actor.name));
        }
    }
    Ok(())
}
