//! Nothing that could still be lost leaves the engine: outputs wait behind the appends that they rest on.

use std::collections::VecDeque;

/// Outputs in order, each held until all that was appended before it is durable.
#[derive(Debug)]
pub(super) struct Gate<T> {
    appended: u64,
    durable: u64,
    held: VecDeque<(u64, T)>,
    open: Vec<T>,
}

impl<T> Gate<T> {
    pub(super) const fn new() -> Self {
        Self { appended: 0, durable: 0, held: VecDeque::new(), open: Vec::new() }
    }

    /// The number of the next append.
    pub(super) fn append(&mut self) -> u64 {
        self.appended += 1;
        self.appended
    }

    /// Lets `output` out once everything appended so far is durable.
    pub(super) fn put(&mut self, output: T) {
        if self.durable >= self.appended {
            self.open.push(output);
        } else {
            self.held.push_back((self.appended, output));
        }
    }

    /// Lets `output` out now: it rests on nothing.
    pub(super) fn put_now(&mut self, output: T) {
        self.open.push(output);
    }

    /// Everything up to `append` is durable.
    pub(super) fn durable(&mut self, append: u64) {
        self.durable = self.durable.max(append);
        while self.held.front().is_some_and(|(needs, _)| *needs <= self.durable) {
            self.open.extend(self.held.pop_front().map(|(_, output)| output));
        }
    }

    /// Nothing that is not durable yet will ever be: returns what rested on it. The last `untaken` appends never left,
    /// so their numbers are given out again.
    pub(super) fn fail(&mut self, untaken: u64) -> Vec<T> {
        self.appended -= untaken;
        self.durable = self.appended;
        self.held.drain(..).map(|(_, output)| output).collect()
    }

    /// How many outputs wait.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Takes what may leave, in order.
    pub(super) fn take(&mut self) -> Vec<T> {
        std::mem::take(&mut self.open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_leave_in_order_and_only_when_durable() {
        let mut gate = Gate::new();
        gate.put("before");
        let first = gate.append();
        gate.put("after first");
        let second = gate.append();
        gate.put("after second");
        assert_eq!(gate.take(), ["before"]);
        gate.durable(first);
        assert_eq!(gate.take(), ["after first"]);
        gate.durable(second);
        gate.put("later");
        assert_eq!(gate.take(), ["after second", "later"]);
    }

    #[test]
    fn a_failed_append_takes_what_rested_on_it() {
        let mut gate = Gate::new();
        gate.append();
        gate.put("lost");
        assert_eq!(gate.fail(0), ["lost"]);
        gate.put("next");
        assert_eq!(gate.take(), ["next"]);
    }

    #[test]
    fn the_number_of_an_append_that_never_left_is_given_out_again() {
        let mut gate = Gate::<()>::new();
        gate.append();
        let untaken = gate.append();
        gate.fail(1);
        assert_eq!(gate.append(), untaken);
    }
}
