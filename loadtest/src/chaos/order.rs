//! Whether a room has one order, the same for everyone.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use super::fault::{Fault, Sort};
use super::ledger::{Deed, Ledger};
use super::person::Phone;

/// One acknowledged thing of a room.
#[derive(Clone, Copy, Debug)]
struct Counted {
    asked: Instant,
    answered: Instant,
    seq: u64,
}

/// What was asked for after something else was acknowledged comes behind it in the room's order, whoever asked.
pub(super) fn of_answers(ledger: &Ledger) -> Vec<Fault> {
    let mut rooms: BTreeMap<&str, Vec<Counted>> = BTreeMap::new();
    for entry in &ledger.entries {
        let room = match &entry.deed {
            Deed::Vote { poll, .. } => poll,
            Deed::Message { .. } => "messaging",
            Deed::Question { .. } | Deed::Upvote { .. } => "qa",
        };
        if let Ok(seq) = entry.answer {
            let (asked, answered) = (entry.asked, entry.answered);
            rooms.entry(room).or_default().push(Counted { asked, answered, seq });
        }
    }
    rooms.into_iter().flat_map(|(room, counted)| backwards(room, counted)).collect()
}

fn backwards(room: &str, counted: Vec<Counted>) -> Vec<Fault> {
    let mut by_answer = counted.clone();
    by_answer.sort_by_key(|one| one.answered);
    let mut by_question = counted;
    by_question.sort_by_key(|one| one.asked);
    let (mut earlier, mut highest, mut faults) = (by_answer.into_iter().peekable(), 0, Vec::new());
    for one in by_question {
        while let Some(before) = earlier.next_if(|before| before.answered < one.asked) {
            highest = highest.max(before.seq);
        }
        // A vote for what one voted for already changes nothing and names the seq as it is.
        if one.seq < highest {
            let words =
                format!("order of {room}: {} was given after {highest} had been acknowledged", one.seq);
            faults.push(Sort::Disorder.fault(words));
        }
    }
    faults
}

/// Each client has shown messages in the order of the history (the newest first), and none twice.
pub(super) fn of_messages(history: &[String], phones: &[Phone]) -> Vec<Fault> {
    let places: HashMap<&str, usize> = history.iter().rev().map(String::as_str).zip(0..).collect();
    let mut faults = Vec::new();
    for (number, phone) in phones.iter().enumerate() {
        let shown: Vec<Option<usize>> =
            phone.held().messages.iter().map(|id| places.get(id.as_str()).copied()).collect();
        if shown.contains(&None) {
            let words = format!("the client of person {number} shows a message that is not in the history");
            faults.push(Sort::Wrong.fault(words));
        }
        if !shown.is_sorted_by(|one, next| one < next) {
            let words = format!("order of messages: the client of person {number} has another one");
            faults.push(Sort::Disorder.fault(words));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::ledger::Entry;
    use super::*;

    #[test]
    fn what_was_asked_later_may_not_come_earlier() {
        let start = Instant::now();
        let entry = |asked, answered, seq| Entry {
            person: 1,
            deed: Deed::Message { text: String::new() },
            answer: Ok(seq),
            asked: start + Duration::from_millis(asked),
            answered: start + Duration::from_millis(answered),
        };
        let at_once = Ledger { entries: vec![entry(0, 10, 2), entry(5, 9, 1), entry(11, 12, 2)] };
        assert_eq!(of_answers(&at_once), []);
        let backwards = Ledger { entries: vec![entry(0, 10, 2), entry(11, 12, 1)] };
        assert_eq!(of_answers(&backwards).len(), 1);
    }
}
