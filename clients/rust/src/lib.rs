//! A Rust client of the hub: connect, join, resume, offline queue.
