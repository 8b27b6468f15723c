//! Requests of REST that are to be refused, many of them, at the least cost to whoever sends them: bytes that are made
//! before, one connection, and of the answer only its status.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long an answer may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
const BUFFER_BYTES: usize = 16 * 1024;

/// A sort of request, and how many of it come in a second.
#[derive(Clone)]
pub(crate) struct Flood {
    pub(crate) name: &'static str,
    pub(crate) per_s: f64,
    /// What is sent; `KEY` in it becomes another word each time, of the same length.
    pub(crate) request: Vec<u8>,
}

/// Stands for a word that is new in each request: 16 letters.
pub(crate) const KEY: &str = "KEYKEYKEYKEYKEYK";

/// What came of it: answers by status; 0 where the connection ended without one.
pub(crate) type Answers = BTreeMap<u16, u64>;

impl Flood {
    /// A request with these headers and this body.
    pub(crate) fn new(
        (name, per_s): (&'static str, f64),
        hub: SocketAddr,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        let mut request = format!("{method} /api/v1{path} HTTP/1.1\r\nHost: {hub}\r\n");
        for (header, value) in headers {
            request.push_str(&format!("{header}: {value}\r\n"));
        }
        request.push_str("Content-Type: application/json\r\n");
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        Self { name, per_s, request: request.into_bytes() }
    }

    /// Sends at an even pace until `until`; what is late is sent as soon as it can be.
    pub(crate) fn send(&self, hub: SocketAddr, until: Instant) -> Answers {
        let (start, mut answers, mut line) = (Instant::now(), Answers::new(), Line { hub, stream: None });
        let mut request = self.request.clone();
        let key = request.windows(KEY.len()).position(|word| word == KEY.as_bytes());
        for n in 0_u64.. {
            let due = start + Duration::from_secs_f64(n as f64 / self.per_s);
            if due >= until || Instant::now() >= until {
                break;
            }
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if let Some(at) = key {
                let word = format!("{:08x}{n:08x}", std::process::id() ^ self.per_s as u32);
                request[at..at + KEY.len()].copy_from_slice(&word.as_bytes()[..KEY.len()]);
            }
            let status = line.ask(&request).unwrap_or_default();
            *answers.entry(status).or_default() += 1;
        }
        answers
    }
}

/// A connection that is opened again when it ended.
struct Line {
    hub: SocketAddr,
    stream: Option<TcpStream>,
}

impl Line {
    /// Sends a request. Returns the status of its answer.
    fn ask(&mut self, request: &[u8]) -> io::Result<u16> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => opened(self.hub)?,
        };
        // Whoever is refused before the body was read may find the connection closed while it is sent: the answer is there.
        let sent = stream.write_all(request);
        let (status, goes_on) = answer(&mut stream)?;
        self.stream = Some(stream).filter(|_| goes_on && sent.is_ok());
        Ok(status)
    }
}

fn opened(hub: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(hub)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWERED_WITHIN))?;
    Ok(stream)
}

/// Reads an answer. Returns its status, and whether the connection goes on.
fn answer(stream: &mut TcpStream) -> io::Result<(u16, bool)> {
    let (mut buffer, mut has) = ([0; BUFFER_BYTES], 0);
    let head = loop {
        if let Some(end) = buffer[..has].windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        has += match stream.read(&mut buffer[has..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => more,
        };
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_lowercase();
    let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let length: usize = header("content-length:").and_then(|length| length.parse().ok()).unwrap_or_default();
    let mut left = (head + length).saturating_sub(has);
    while left > 0 {
        let most = left.min(BUFFER_BYTES);
        left -= match stream.read(&mut buffer[..most])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => more,
        };
    }
    Ok((status, header("connection:") != Some("close")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end_and_may_end_the_connection() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = opened(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        for (end, goes_on) in [("", true), ("Connection: close\r\n", false)] {
            let head = format!("HTTP/1.1 429 Too Many\r\nContent-Length: 3\r\n{end}\r\nabc");
            server.write_all(head.as_bytes()).unwrap();
            assert_eq!(answer(&mut stream).unwrap(), (429, goes_on));
        }
    }
}
