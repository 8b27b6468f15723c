//! From the node that owns a conference to the nodes that hold the rest of its people, in the owner's order.
//!
//! Two ways lead there. A **beat** is for all nodes at once and travels over a bus that may lose it, repeat it or bring
//! it late. A **letter** is for one node (an answer to a joiner, something personal) and travels over a connection that
//! keeps its order. Each names how much of the other way went before it, so the receiver puts both together exactly as
//! the owner let them out, and knows what it missed.

mod receiving;
mod sending;

pub use receiving::{Arrived, Receiving};
pub use sending::{Attached, Sending};

/// What an owner tells all nodes at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat<F> {
    /// The owner's epoch: grows with every change of the owner.
    pub epoch: u64,
    /// Counts the owner's beats, from 1.
    pub number: u64,
    /// How many letters went before it, by attachment.
    pub letters: Vec<(u32, u64)>,
    /// What it carries, in order.
    pub frames: Vec<F>,
}

/// What an owner tells one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter<L> {
    /// Counts the letters to this attachment, from 1.
    pub number: u64,
    /// How many beats went before it.
    pub after: u64,
    /// What it says.
    pub body: L,
}

#[cfg(test)]
mod tests;
