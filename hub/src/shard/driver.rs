//! The turn of a shard: what arrived, what is due, what goes out.

use std::os::fd::OwnedFd;
use std::time::Duration;

use plenum_domain::Id;
use plenum_rooms::Input;
use plenum_rooms::engine::Output;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;

use super::message::{Answer, Ask, ClusterNews, Mail, News};
use super::state::{Shard, ShardCell};
use super::waiting::Waiting;
use crate::socket::start_checks;

/// Inputs that a turn handles before it writes.
const TURN: usize = 512;
/// A shard looks at its clock at least so often, in milliseconds: sockets are swept, deadlines kept.
const IDLE_MS: u64 = 100;
/// Limits of people who left are forgotten so often, in milliseconds.
const FORGET_MS: i64 = 60_000;
/// A room that could not be read back is tried again after so long.
const READ_BACK_RETRY: Duration = Duration::from_millis(500);
/// A shard leaves its core for so long a turn while somebody waits for what the store writes behind: that has a thread
/// which gets next to nothing of a busy core.
const NAP: Duration = Duration::from_millis(1);

/// Runs a shard until it is stopped.
pub(super) async fn run(
    cell: ShardCell,
    mut mail: mpsc::Receiver<Mail>,
    mut news: mpsc::UnboundedReceiver<News>,
) {
    let sockets = match cell.get().sockets.handle().and_then(watched) {
        Ok(sockets) => sockets,
        Err(error) => return tracing::error!(%error, "the shard cannot listen to its sockets"),
    };
    let mut awake = cell.get().instant();
    loop {
        let more = turn(&cell, &mut mail, &mut news);
        if cell.get().finished() {
            return;
        }
        if cell.get().links.urgency.is_pressing() {
            tokio::time::sleep(NAP).await;
        }
        if cell.get().held() > 0 {
            // The journal's thread may be waiting for this core, and the system would let it in at its next tick: milliseconds later.
            std::thread::yield_now();
        }
        if more {
            tokio::task::yield_now().await;
            continue;
        }
        let (wait, began) = (cell.get().until_next_call(), awake);
        let asleep = cell.get().instant();
        tokio::select! {
            biased;
            one = news.recv() => if let Some(one) = one { hear(&cell, one) },
            one = mail.recv() => if let Some(one) = one { cell.get().take_mail(one) },
            () = cell.rung() => {}
            ready = sockets.readable() => if let Ok(mut ready) = ready { ready.clear_ready() },
            () = tokio::time::sleep(wait) => {}
        }
        let mut shard = cell.get();
        awake = shard.instant();
        shard.strain.note(asleep - began, awake - asleep);
    }
}

#[expect(
    deprecated,
    reason = "an OwnedFd names the same file for as long as it lives, which is all that is asked for"
)]
fn watched(handle: OwnedFd) -> std::io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(handle)
}

/// One turn. Returns whether there is more to do at once.
fn turn(cell: &ShardCell, mail: &mut mpsc::Receiver<Mail>, news: &mut mpsc::UnboundedReceiver<News>) -> bool {
    while let Ok(one) = news.try_recv() {
        hear(cell, one);
    }
    let mut shard = cell.get();
    shard.show_missed();
    shard.turn_at = shard.now();
    for _ in 0..TURN {
        let Ok(one) = mail.try_recv() else { break };
        shard.take_mail(one);
    }
    let is_reading = shard.serve_sockets();
    shard.work();
    let is_walking = shard.walk();
    shard.sweep();
    shard.forget_limits();
    let more = is_reading || is_walking || shard.has_inputs();
    drop(shard);
    start_checks(cell);
    more
}

fn hear(cell: &ShardCell, news: News) {
    let mut shard = cell.get();
    if news.pushed().is_some() {
        shard.links.backlogs[shard.me].leave();
    }
    match news {
        News::Output(output) => shard.deliver(output),
        News::Input(input) => shard.inbox.push_back(input),
        News::Frames(frames) => shard.walks.add(frames),
        News::Journaled { desk, generation, upto, result } => {
            shard.journaled(desk, generation, upto, &result);
        }
        News::Cluster(news) => shard.hear_cluster(news),
        News::Reloaded { loaded: Some(loaded), tenure, .. } => shard.reloaded(*loaded, tenure),
        News::Reloaded { loaded: None, room, tenure } => {
            let scope = shard.links.directory.find(room).map(|place| place.scope);
            let retry = cell.clone();
            tokio::task::spawn_local(async move {
                tokio::time::sleep(READ_BACK_RETRY).await;
                let shard = retry.get();
                let is_wanted = shard.desks.values().any(|desk| desk.tenure == tenure);
                if let Some(scope) = scope.filter(|_| is_wanted) {
                    shard.read_back(room, scope, tenure);
                }
            });
        }
        News::NotKept(room) => shard.desks.values_mut().for_each(|desk| desk.engine.not_kept(room)),
        News::Close { participant, code } => shard.close_participant(participant, code),
        News::Drain { over_ms } => shard.drain(over_ms),
        News::Stop(done) => {
            shard.desks.values_mut().for_each(|desk| desk.engine.snapshot_all());
            shard.stopping = Some(done);
        }
        News::Health(answer) => {
            // Whoever asked may have given up waiting.
            let _ = answer.send(shard.vitals());
        }
    }
}

impl Shard {
    fn take_mail(&mut self, mail: Mail) {
        match mail {
            Mail::Input(input) => self.inbox.push_back(input),
            Mail::Ask(Ask { input, answer }) => {
                let ticket = self.wait(Waiting::Rest(answer));
                self.inbox.push_back(input(ticket));
            }
        }
    }

    /// Lets the engine handle what arrived and what is due, and carries out what it asks for.
    fn work(&mut self) {
        let now = self.now();
        for _ in 0..TURN {
            let Some(input) = self.urgent.pop_front().or_else(|| self.inbox.pop_front()) else { break };
            if let Some(input) = self.refused_when_full(input) {
                self.handle(input, now);
            }
        }
        self.tick(now);
        self.make_space();
        self.flush();
        self.tell_tides();
    }

    /// While its journal takes no more, what would need it is refused. Returns what may go on.
    fn refused_when_full(&mut self, input: Input) -> Option<Input> {
        let (ticket, conference) = match &input {
            Input::Open { ticket, scope, .. } => (*ticket, Some(scope.conference)),
            Input::Command { ticket, room, .. } => {
                (*ticket, self.links.directory.find(*room).map(|place| place.scope.conference))
            }
            _ => return Some(input),
        };
        let here = |one: &Id| self.links.outside.is_none() || self.desks.contains_key(one);
        let Some(trouble) = conference.filter(here).and_then(|one| self.links.journals.refuses(one)) else {
            return Some(input);
        };
        let refusal = super::journaling::refusal(&trouble);
        self.answer(conference, Output::Reply { ticket, outcome: Err(refusal) });
        None
    }

    fn hear_cluster(&mut self, news: ClusterNews) {
        // Whoever waits for an answer may have given up.
        match news {
            ClusterNews::Seat { conference, epoch, engine, done } => {
                self.seat(conference, epoch, *engine);
                let _ = done.send(());
            }
            ClusterNews::Unseat { conference, done } => {
                self.unseat(conference);
                let _ = done.send(());
            }
            ClusterNews::Leave { conference, done } => self.leave_desk(conference, done),
            ClusterNews::Attach { conference, visitor } => self.attach(conference, visitor),
            ClusterNews::Detach { conference, visitor } => self.detach_visitor(conference, visitor),
            ClusterNews::Repeat { conference, visitor, epoch, after } => {
                self.repeat(conference, visitor, epoch, after);
            }
            ClusterNews::Gone { visitor } => self.visitor_gone(visitor),
            ClusterNews::Rejoin { conference, since } => self.rejoin(conference, &since),
            ClusterNews::Located { room, refusal } => self.located(room, refusal.as_ref()),
        }
    }

    /// One shard of the node forgets for all.
    fn forget_limits(&mut self) {
        if self.me == 0 && self.turn_at.since_ms(self.limits_swept_at) >= FORGET_MS {
            self.limits_swept_at = self.turn_at;
            self.links.limits.sweep();
        }
    }

    fn has_inputs(&self) -> bool {
        !self.inbox.is_empty() || !self.urgent.is_empty()
    }

    fn until_next_call(&self) -> Duration {
        let now = self.now();
        let due_ms = self.next_call().map_or(i64::MAX, |at| at.since_ms(now));
        Duration::from_millis(due_ms.clamp(1, IDLE_MS as i64) as u64)
    }

    /// Whether the shard was told to stop and everything is durable. Says so to whoever waits for it.
    fn finished(&mut self) -> bool {
        if self.stopping.is_none() || self.held() > 0 || self.has_inputs() {
            return false;
        }
        if let Some(done) = self.stopping.take() {
            // Whoever asked may have given up waiting.
            let _ = done.send(());
        }
        true
    }
}

impl Drop for Shard {
    fn drop(&mut self) {
        for waiting in std::mem::take(&mut self.waiters).into_rest() {
            let refusal = plenum_rooms::engine::Refusal::busy("the hub is stopping; try again", 1_000);
            // REST may have given up waiting.
            let _ = waiting.send(Answer::Outcome(Err(refusal)));
        }
    }
}
