//! Gauges that are read when somebody asks: what is held at the moment. Each goes back to where it was when everyone
//! has left; one that does not is a leak.

use metrics::gauge;

use crate::app::App;
use crate::socket::Files;

pub(super) async fn refresh(app: &App) {
    let (health, limits) = (app.shards.health().await, app.shards.limits());
    let shards = [
        ("rooms", health.sum(|vitals| vitals.rooms)),
        ("subscriptions", health.sum(|vitals| vitals.subscriptions)),
        ("timers", health.sum(|vitals| vitals.timers)),
        ("sockets", health.sum(|vitals| vitals.sockets)),
        ("blocked_sockets", health.sum(|vitals| vitals.blocked)),
        ("outbox_bytes", health.sum(|vitals| vitals.outbox_bytes)),
        ("waiting_answers", health.sum(|vitals| vitals.waiters)),
        ("waiting_pushes", health.sum(|vitals| vitals.pushes)),
        ("waiting_inputs", health.sum(|vitals| vitals.inbox)),
        ("held_outputs", health.sum(|vitals| vitals.held)),
        ("walks", health.sum(|vitals| vitals.walks)),
    ];
    for (held, count) in shards {
        gauge!("plenum_held", "what" => held).set(count as f64);
    }
    let remembered =
        [("keys", limits.keys), ("participants", limits.participants), ("addresses", limits.addresses)];
    for (what, count) in remembered {
        gauge!("plenum_limits_remembered", "what" => what).set(count as f64);
    }
    gauge!("plenum_files_limit").set(app.files.limit() as f64);
    if let Some(open) = Files::open() {
        gauge!("plenum_files_open").set(open as f64);
    }
}
