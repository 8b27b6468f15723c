//! `plenum health`: asks the hub of this configuration how it does. For containers, which have no other client.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::Failure;
use crate::config::Config;

/// How long the hub may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct HealthArguments {
    /// Asks only whether the process answers, not whether its database and journal do.
    #[arg(long)]
    live: bool,
}

/// Prints the hub's answer; fails when it is not well or not there.
pub(super) fn health(config: &Config, arguments: &HealthArguments) -> Result<(), Failure> {
    let path = if arguments.live { "/livez" } else { "/readyz" };
    let address = reachable(config.server.listen);
    let answer = ask(address, path).map_err(|error| Failure(format!("{address}{path}: {error}")))?;
    match read(&answer) {
        Some((200, body)) => {
            println!("{}", body.trim_end());
            Ok(())
        }
        Some((status, body)) => Err(Failure(format!("{address}{path}: {status} {}", body.trim_end()))),
        None => Err(Failure(format!("{address}{path}: this is not an answer of a hub"))),
    }
}

/// A hub that listens on every address is asked on the loopback one.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let loopback: IpAddr =
        if listen.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    if listen.ip().is_unspecified() { SocketAddr::new(loopback, listen.port()) } else { listen }
}

/// One request, read to its end.
fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The status and the body of an answer.
fn read(answer: &str) -> Option<(u16, &str)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_body() {
        assert_eq!(read("HTTP/1.1 503 Service Unavailable\r\na: b\r\n\r\n{}"), Some((503, "{}")));
        assert_eq!(read("+PONG"), None);
    }

    #[test]
    fn a_hub_on_every_address_is_asked_on_this_one() {
        let asked = |listen: &str| reachable(listen.parse().unwrap()).to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:8080"), "[::1]:8080");
        assert_eq!(asked("10.0.0.7:80"), "10.0.0.7:80");
    }
}
