//! What goes wrong.

use super::super::net::{Line, Place};
use super::{Event, NODES, PLAY_MS, World};

/// A silent node is taken for gone after so long, in milliseconds.
const SILENT_MS: u64 = 2_000;

impl World {
    /// Plans crashes, pauses, cuts and hand-overs.
    pub(super) fn plan_trouble(&mut self) {
        for _ in 0..self.dice.below(3) {
            let (at, node) = self.some_time();
            self.schedule(at, Event::Crash { node });
        }
        for _ in 0..self.dice.below(3) {
            let (at, node) = self.some_time();
            self.schedule(at, Event::Pause { node });
        }
        for _ in 0..self.dice.below(3) {
            let (at, _) = self.some_time();
            self.schedule(at, Event::HandOver);
        }
        for _ in 0..self.dice.below(4) {
            let (at, node) = self.some_time();
            let other = match self.dice.below(4) {
                0 => Place::Storage,
                1 => Place::Bus,
                n => Place::Node((node + n as usize - 1) % NODES),
            };
            let (one, lasts) = (Place::Node(node), 200 + self.below(4_500));
            self.schedule(at, Event::Cut { one, other, cut: true });
            self.schedule(at + lasts, Event::Cut { one, other, cut: false });
        }
    }

    fn some_time(&mut self) -> (i64, usize) {
        (self.below(PLAY_MS as u64), self.dice.below(NODES as u64) as usize)
    }

    /// A node dies, and starts again after a while with nothing but the storage.
    pub(super) fn crash(&mut self, node: usize) {
        if !self.nodes[node].is_up {
            return;
        }
        self.sum.crashes += 1;
        let left: Vec<usize> = self.nodes[node].sockets.values().map(|socket| socket.client).collect();
        self.nodes[node].stop();
        for client in left {
            let socket = self.clients[client].socket;
            if socket.is_some_and(|socket| self.at.get(&socket) == Some(&node)) {
                self.clients[client].cut(self.now, &mut self.dice);
            }
        }
        self.at.retain(|_, at| *at != node);
        self.events.retain(|_, event| super::node_of(event) != Some(node));
        let broken = self.net.break_all(|line| line.from == node || line.to == node);
        self.tell_broken(&broken, 500);
        let down_ms = 300 + self.below(3_500);
        self.schedule(down_ms, Event::Start { node });
    }

    pub(super) fn restart(&mut self, node: usize) {
        self.nodes[node].is_up = true;
        self.start_watches(node);
    }

    /// A node stands still, perhaps for longer than its lease.
    pub(super) fn pause(&mut self, node: usize) {
        if !self.nodes[node].is_up {
            return;
        }
        self.sum.pauses += 1;
        let lasts = 300 + self.below(5_500);
        self.nodes[node].paused_until = self.now.plus_ms(lasts);
        if lasts as u64 > SILENT_MS {
            let broken = self.net.break_all(|line| line.from == node || line.to == node);
            self.tell_broken(&broken, SILENT_MS);
        }
    }

    pub(super) fn cut_way(&mut self, one: Place, other: Place, cut: bool) {
        self.sum.cuts += u64::from(cut);
        let broken = self.net.set_cut(one, other, cut);
        self.tell_broken(&broken, SILENT_MS);
    }

    fn tell_broken(&mut self, broken: &[(u64, Line)], within_ms: u64) {
        for (line, Line { from, to, .. }) in broken {
            for node in [*from, *to] {
                let delay = 1 + self.below(within_ms);
                self.schedule(delay, Event::Broken { node, line: *line });
            }
        }
    }

    /// Nothing goes wrong any more; everyone comes back once more, so that whatever was dropped last is noticed.
    pub(super) fn calm_down(&mut self) {
        self.events.retain(|_, event| {
            !matches!(event, Event::Crash { .. } | Event::Pause { .. } | Event::Cut { .. } | Event::HandOver)
        });
        self.net.mend_all();
        self.everyone_comes_back();
    }
}
