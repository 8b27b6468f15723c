//! The wire as a whole: its bytes written down, its rules, and what rubbish does to it.

mod cases;
mod entry;
mod envelope;
mod golden;
mod oracle;
mod page;
mod rubbish;
