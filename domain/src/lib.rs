//! The ground: ids, time, text, rights and the programme. Depends on nothing of ours and does no IO.
