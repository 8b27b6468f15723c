//! Traces: where the time of one command goes, from the socket that it came through to the store, on however many nodes.
//!
//! Nothing of a trace travels with a command. Whether it is followed, the trace's id and the ids of its stages are all
//! made from the command's key, which every node that has to do with it knows anyway: so each tells its own part, and
//! the collector puts them together.

mod export;
mod ids;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor as _,
};
use plenum_domain::{Id, Timestamp};
use plenum_persistence::projector::Watch;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Outcome, Record};

use crate::clock::{Clock, Stopwatch};

/// What a collector is told that this program is.
const SERVICE: &str = "plenum";
/// How often what was followed is sent.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// How long what is still to be sent may take when the hub ends.
const END_WITHIN: Duration = Duration::from_secs(2);

/// A part of a command's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// From its arrival at a socket, or over REST, to its answer.
    Command,
    /// At the owner: from its room's decision until that is durable.
    Journal,
    /// At the owner: reading it from the journal until it is in the store.
    Store,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Journal => "journal",
            Self::Store => "store",
        }
    }

    /// What it is part of.
    const fn within(self) -> Option<Self> {
        match self {
            Self::Command => None,
            Self::Journal | Self::Store => Some(Self::Command),
        }
    }

    const fn kind(self) -> SpanKind {
        match self {
            Self::Command => SpanKind::Server,
            Self::Journal | Self::Store => SpanKind::Internal,
        }
    }
}

/// A command that is followed, on its way.
#[derive(Clone, Debug)]
pub struct Followed {
    began: Began,
    op: Box<str>,
    room: RoomRef,
}

/// A stage that began.
#[derive(Clone, Debug)]
pub struct Began {
    key: Id,
    at: Timestamp,
    watch: Stopwatch,
}

/// Tells a collector of the commands that are followed. Clones are one; one that is off follows none.
#[derive(Clone, Default)]
pub struct Tracer(Option<Arc<Inner>>);

struct Inner {
    processor: BatchSpanProcessor,
    highest: u64,
    scope: InstrumentationScope,
    clock: Clock,
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Tracer(on)" } else { "Tracer(off)" })
    }
}

impl Tracer {
    /// Follows one command in `one_in`, and tells the collector at `endpoint` (OTLP over HTTP, such as
    /// `http://127.0.0.1:4318`).
    ///
    /// # Errors
    /// The endpoint is no address.
    pub fn start(endpoint: &str, one_in: u32, node: &str, clock: Clock) -> Result<Self, String> {
        let exporter = export::to(endpoint)?;
        let resource = Resource::builder_empty()
            .with_attribute(KeyValue::new("service.name", SERVICE))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_attribute(KeyValue::new("service.instance.id", node.to_owned()))
            .build();
        let often = BatchConfigBuilder::default().with_scheduled_delay(SEND_EVERY).build();
        let mut processor = BatchSpanProcessor::builder(exporter).with_batch_config(often).build();
        processor.set_resource(&resource);
        let (highest, scope) = (ids::highest(one_in), InstrumentationScope::builder(SERVICE).build());
        Ok(Self(Some(Arc::new(Inner { processor, highest, scope, clock }))))
    }

    /// Whether there is a collector.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// A command came. None when it is not followed.
    pub fn follow(&self, key: Option<Id>, op: &str, room: RoomRef) -> Option<Box<Followed>> {
        let began = self.begin(key)?;
        Some(Box::new(Followed { began, op: op.into(), room }))
    }

    /// It was answered.
    pub fn answered(&self, followed: Option<Box<Followed>>, outcome: &Outcome) {
        let Some(followed) = followed else { return };
        let outcome = outcome.as_ref().map_or_else(|refusal| refusal.code, |_| "ok");
        let attributes = vec![
            KeyValue::new("plenum.op", String::from(followed.op)),
            KeyValue::new("plenum.room", followed.room.to_string()),
            KeyValue::new("plenum.outcome", outcome),
        ];
        self.end(Stage::Command, &followed.began, attributes);
    }

    /// A batch goes to the journal: those of it that are followed.
    pub fn appending(&self, batch: &[Record]) -> Vec<Began> {
        if !self.is_on() {
            return Vec::new();
        }
        batch.iter().filter_map(|record| self.begin(record.key)).collect()
    }

    /// It is durable, or is not.
    pub fn appended(&self, followed: &[Began], is_durable: bool) {
        for began in followed {
            self.end(Stage::Journal, began, vec![KeyValue::new("plenum.durable", is_durable)]);
        }
    }

    /// A stage of a command begins. None when it is not followed.
    fn begin(&self, key: Option<Id>) -> Option<Began> {
        let inner = self.0.as_ref()?;
        let key = key.filter(|key| ids::lot(*key) <= inner.highest)?;
        Some(Began { key, at: inner.clock.now(), watch: Stopwatch::start(&inner.clock) })
    }

    /// The stage ended, and what is to be known of it: never who it was.
    fn end(&self, stage: Stage, began: &Began, attributes: Vec<KeyValue>) {
        if let Some(inner) = &self.0 {
            inner.processor.on_end(inner.span(stage, began, attributes));
        }
    }

    /// Sends what waits. Blocks.
    pub fn finish(&self) {
        let Some(inner) = &self.0 else { return };
        if let Err(error) = inner.processor.shutdown_with_timeout(END_WITHIN) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

impl Inner {
    fn span(&self, stage: Stage, began: &Began, attributes: Vec<KeyValue>) -> SpanData {
        let (trace, own) = (ids::trace(began.key), ids::span(began.key, stage.name()));
        let (flags, state) = (TraceFlags::SAMPLED, TraceState::default());
        let start_time = moment(began.at);
        let parent = stage.within();
        SpanData {
            span_context: SpanContext::new(trace, own, flags, false, state),
            parent_span_id: parent.map_or(SpanId::INVALID, |stage| ids::span(began.key, stage.name())),
            parent_span_is_remote: parent.is_some(),
            span_kind: stage.kind(),
            name: stage.name().into(),
            start_time,
            end_time: start_time + began.watch.elapsed(),
            attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: self.scope.clone(),
        }
    }
}

fn moment(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(at.ms().max(0).cast_unsigned())
}

/// The projector says what it wrote.
impl Watch for Tracer {
    fn wants(&self, key: Id) -> bool {
        self.0.as_ref().is_some_and(|inner| ids::lot(key) <= inner.highest)
    }

    fn written(&self, keys: &[Id], took: Duration) {
        let Some(inner) = &self.0 else { return };
        let at = inner.clock.now().plus_ms(-(took.as_millis() as i64));
        for key in keys {
            let began = Began { key: *key, at, watch: Stopwatch::started(&inner.clock, took) };
            self.end(Stage::Store, &began, Vec::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_off_follows_nothing() {
        let tracer = Tracer::default();
        assert!(tracer.begin(Some(Id::from_bits(1))).is_none());
        assert!(!tracer.wants(Id::from_bits(1)));
        tracer.finish();
    }

    #[test]
    fn an_endpoint_that_is_none_is_refused() {
        Tracer::start("not an address", 1, "n", Clock::new()).unwrap_err();
    }
}
