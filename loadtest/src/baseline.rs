//! The floor: a bare loop that calls send() once per socket, in a process of its own, so that its CPU time is counted
//! the same way as the hub's.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::conn;
use crate::process;

/// The server's side, run as a hidden command: accepts `sockets`, then sends `frame_bytes` to each for every line on
/// standard input, and answers with a line.
pub(crate) fn serve(sockets: usize, frame_bytes: usize) -> io::Result<()> {
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    listener.listen(4_096)?;
    let listener: TcpListener = listener.into();
    println!("{}", listener.local_addr()?.port());
    let mut streams: Vec<TcpStream> = Vec::with_capacity(sockets);
    while streams.len() < sockets {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    println!("accepted");
    let frame = vec![b'x'; frame_bytes];
    for line in io::stdin().lines() {
        line?;
        for stream in &mut streams {
            stream.write_all(&frame)?;
        }
        println!("sent");
    }
    Ok(())
}

/// CPU per delivery of the bare loop, in microseconds.
pub(crate) async fn measure(
    sockets: usize,
    frame_bytes: usize,
    events: usize,
    pause: Duration,
) -> io::Result<f64> {
    let (mut child, mut output) = start(sockets, frame_bytes)?;
    let port: u16 = line(&mut output)?.parse().map_err(io::Error::other)?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut readers = tokio::task::JoinSet::new();
    for n in 0..sockets {
        let stream = conn::dial(address, conn::source(n)).await?;
        readers.spawn_local(read(stream, frame_bytes * events));
    }
    line(&mut output)?;
    let before = process::cpu_us(child.id());
    let mut input = child.stdin.take().ok_or_else(|| io::Error::other("the baseline has no input"))?;
    for _ in 0..events {
        input.write_all(b"\n")?;
        tokio::time::sleep(pause).await;
    }
    while let Some(read) = readers.join_next().await {
        read.map_err(io::Error::other)??;
    }
    let spent_us = process::cpu_us(child.id()) - before;
    drop(input);
    child.wait()?;
    Ok(spent_us as f64 / (sockets * events) as f64)
}

fn start(sockets: usize, frame_bytes: usize) -> io::Result<(Child, BufReader<std::process::ChildStdout>)> {
    let me = std::env::current_exe()?;
    let mut command = crate::hub::pinned(me.as_os_str());
    let arguments = ["baseline-server", &sockets.to_string(), &frame_bytes.to_string()].map(str::to_owned);
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or_else(|| io::Error::other("the baseline has no output"))?;
    Ok((child, BufReader::new(output)))
}

fn line(output: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

async fn read(stream: tokio::net::TcpStream, bytes: usize) -> io::Result<()> {
    let (mut seen, mut buffer) = (0, [0; 4_096]);
    while seen < bytes {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => seen += length,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
