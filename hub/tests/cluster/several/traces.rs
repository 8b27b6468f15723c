//! One vote, followed over several hubs by a collector that knows nothing of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use prost::Message as _;

use super::Hall;
use crate::hub::wait_until;

/// A span, as far as it is looked at here.
#[derive(Clone, Debug)]
struct Told {
    node: String,
    name: String,
    op: String,
    trace: Vec<u8>,
    span: Vec<u8>,
    parent: Vec<u8>,
}

/// Receives OTLP over HTTP on loopback.
struct Collector {
    endpoint: String,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                std::thread::spawn(move || receive(stream, &heard));
            }
        });
        Self { endpoint, told }
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Answers requests until the connection ends.
fn receive(mut stream: TcpStream, heard: &Mutex<Vec<Told>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut first = String::new();
        reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
        assert!(first.starts_with("POST /v1/traces "), "{first}");
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            if line.trim().is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let request = ExportTraceServiceRequest::decode(body.as_slice()).expect("it speaks OTLP");
        heard.lock().unwrap_or_else(PoisonError::into_inner).extend(spans(request));
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
    }
}

fn spans(request: ExportTraceServiceRequest) -> Vec<Told> {
    let mut spans = Vec::new();
    for of_node in request.resource_spans {
        let node = value(&of_node.resource.unwrap_or_default().attributes, "service.instance.id");
        for span in of_node.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.push(Told {
                node: node.clone(),
                op: value(&span.attributes, "plenum.op"),
                name: span.name,
                trace: span.trace_id,
                span: span.span_id,
                parent: span.parent_span_id,
            });
        }
    }
    spans
}

fn value(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|one| one.key == key).and_then(|one| one.value.clone()?.value);
    match found {
        Some(Value::StringValue(text)) => text,
        _ => String::new(),
    }
}

#[test]
fn a_vote_is_followed_from_its_socket_to_the_store_over_two_hubs() {
    let collector = Collector::start();
    let settings = [
        ("PLENUM__TELEMETRY__OTLP_ENDPOINT", collector.endpoint.clone()),
        ("PLENUM__TELEMETRY__TRACE_ONE_IN", "1".to_owned()),
    ];
    let Some(hall) = Hall::with(2, &settings) else { return };
    let owner = hall.owner_node();
    let person = hall.person(1 - owner);
    let mut socket = hall.come(1 - owner, &person, &hall.room());
    assert!(socket.ask(hall.vote(1, "a"))["ok"]["seq"].is_u64());
    let (command, parts) = wait_until("all of it is told", || {
        let told = collector.told();
        let command = told.iter().find(|one| one.op == "poll.vote")?.clone();
        let parts: Vec<Told> =
            told.into_iter().filter(|one| one.trace == command.trace && one.name != "command").collect();
        (parts.len() == 2).then_some((command, parts))
    });
    assert_eq!((command.name.as_str(), command.node), ("command", format!("hub-{}", 1 - owner)));
    assert!(command.parent.is_empty(), "it begins with whoever votes");
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert!(names.contains(&"journal") && names.contains(&"store"), "{names:?}");
    for part in &parts {
        assert_eq!((&part.node, &part.parent), (&format!("hub-{owner}"), &command.span), "{part:?}");
    }
}
