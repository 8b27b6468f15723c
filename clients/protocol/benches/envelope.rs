//! What the envelope costs on the hub's hot path: reading one vote, wrapping one push.

use plenum_protocol::{Codec, Command, Limits, PushHead, encode, parse_frame, write_command, write_push};
use serde_json::json;

#[global_allocator]
static COUNTED: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

const POLL: &str = "poll:01K30DWW01FAY8VVR14D2PF2DB";

fn vote(codec: Codec) -> Vec<u8> {
    let data = encode(codec, &json!({"options": ["a"]})).expect("it encodes");
    let key = Some(0x0198_c0de_7001_7abc_8def_0123_4567_89ab);
    let command = Command { id: 3, op: "poll.vote", room: Some(POLL), key, since: None, data: Some(&data) };
    let mut frame = Vec::new();
    write_command(codec, &mut frame, &command);
    frame
}

#[divan::bench(args = Codec::ALL)]
fn parse_vote(bencher: divan::Bencher<'_, '_>, codec: Codec) {
    let frame = vote(codec);
    bencher.bench(|| {
        parse_frame(codec, divan::black_box(&frame), &Limits::CLIENT).next().is_some_and(|read| read.is_ok())
    });
}

#[divan::bench(args = Codec::ALL)]
fn wrap_push(bencher: divan::Bencher<'_, '_>, codec: Codec) {
    let options = json!([{"id": "a", "votes": 70_000}, {"id": "b", "votes": 16}]);
    let data = encode(codec, &json!({"round": 1, "voters": 70_016, "options": options})).expect("it encodes");
    let at_ms = Some(1_763_800_000_000);
    let head = PushHead { room: POLL, prev: Some(41), seq: Some(57), ev: "poll.results", at_ms };
    let mut out = Vec::with_capacity(1024);
    bencher.bench_local(move || {
        out.clear();
        write_push(codec, &mut out, divan::black_box(&head), divan::black_box(&data));
        out.len()
    });
}
