//! A hub that runs out of file descriptors: it says so, goes on with those who are there, and takes more when some leave.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::hub::{DEADLINE, Hub, wait_until};

/// Enough for the hub itself and for a few dozen sockets.
const FILES: u32 = 160;
const MASK: [u8; 4] = [7, 7, 7, 7];

/// A socket that has said hello, or the status that it was refused with.
fn open(hub: &Hub, token: &str) -> Result<TcpStream, String> {
    let mut stream = connect(hub);
    let request = "GET /api/v1/networking/connect HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let head = read(&mut stream);
    if !head.starts_with("HTTP/1.1 101 ") {
        return Err(head);
    }
    assert!(
        ask(&mut stream, &format!(r#"{{"id":1,"op":"hello","data":{{"token":"{token}"}}}}"#))
            .contains("participant")
    );
    Ok(stream)
}

fn connect(hub: &Hub) -> TcpStream {
    let stream = TcpStream::connect(hub.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

fn read(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 4_096];
    let length = stream.read(&mut buffer).unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn ask(stream: &mut TcpStream, command: &str) -> String {
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend_from_slice(&u16::try_from(command.len()).unwrap().to_be_bytes());
    frame.extend_from_slice(&MASK);
    frame.extend(command.bytes().map(|byte| byte ^ MASK[0]));
    stream.write_all(&frame).unwrap();
    read(stream)
}

fn part(hub: &Hub) -> Value {
    hub.request("GET", "/readyz", &[], b"").json()["file_descriptors"].clone()
}

#[test]
fn a_hub_without_file_descriptors_says_so_and_goes_on() {
    let unlimited = [
        ("PLENUM__LIMITS__SOCKETS_PER_PARTICIPANT", "0"),
        ("PLENUM__LIMITS__COMMANDS_PER_S", "0"),
        ("PLENUM__SERVER__SHARDS", "1"),
    ];
    let hub = Hub::start_with_files(FILES, &unlimited);
    let token = hub.tenant("full");
    assert_eq!(part(&hub)["status"], "ok");

    let mut sockets = Vec::new();
    let refused = loop {
        match open(&hub, &token) {
            Ok(socket) => sockets.push(socket),
            Err(refused) => break refused,
        }
        assert!(sockets.len() < FILES as usize, "there are not so many files");
    };
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("Retry-After"), "{refused}");
    assert!(sockets.len() > 20, "{}", sockets.len());

    // Who looks after the hub still gets in.
    let short = part(&hub);
    assert_eq!(short["status"], "degraded", "{short}");
    assert!(short["reason"].as_str().unwrap().contains("LimitNOFILE"), "{short}");
    let metrics = hub.request("GET", "/metrics", &[], b"").text;
    assert!(metrics.contains(r#"plenum_sockets_refused_total{reason="files"} 1"#), "{metrics}");
    assert!(metrics.contains(&format!("plenum_files_limit {FILES}")), "{metrics}");

    // Not even the reserve is left: those who are there do not notice.
    let idle: Vec<TcpStream> = (0..FILES).map(|_| connect(&hub)).collect();
    for socket in &mut sockets {
        assert!(ask(socket, r#"{"id":2,"op":"ping"}"#).contains("server_ms"));
    }
    drop(idle);

    // Some leave, others come.
    sockets.truncate(10);
    let mut newcomer = wait_until("a socket is accepted again", || open(&hub, &token).ok());
    assert!(ask(&mut newcomer, r#"{"id":2,"op":"ping"}"#).contains("server_ms"));
    assert_eq!(part(&hub)["status"], "ok");
}
