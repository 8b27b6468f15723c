//! The floor: a bare loop that calls send() once per socket, in a process of its own, so that its CPU time is counted
//! the same way as the hub's.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::conn;
use crate::process;
use crate::swarm::Swarm;

/// A round of the bare loop takes no longer.
const ROUND_TIMEOUT: Duration = Duration::from_secs(20);

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
    let frame = frame(frame_bytes);
    for line in io::stdin().lines() {
        line?;
        for stream in &mut streams {
            stream.write_all(&frame)?;
        }
        println!("sent");
    }
    Ok(())
}

/// A binary frame of so many bytes, its head included.
fn frame(bytes: usize) -> Vec<u8> {
    let length = bytes.saturating_sub(4) as u16;
    [vec![0x82, 126], length.to_be_bytes().to_vec(), vec![b'x'; usize::from(length)]].concat()
}

/// Sockets, bytes of a frame and events that tell what a write costs on this machine at this moment.
const FLOOR: (usize, usize, usize) = (1_000, 200, 40);

/// The CPU time of one write of the bare loop, in microseconds: what other costs are divided by, so that runs on other
/// machines can be compared.
pub(crate) async fn floor_us() -> io::Result<f64> {
    let (sockets, frame_bytes, events) = FLOOR;
    let mut bare = Bare::start(sockets, frame_bytes).await?;
    bare.events(events / 4).await?;
    let floor = bare.events(events).await?;
    bare.stop()?;
    Ok(floor)
}

/// The bare loop with its sockets.
pub(crate) struct Bare {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    swarm: Swarm,
}

impl Bare {
    /// Starts the loop and connects the sockets.
    pub(crate) async fn start(sockets: usize, frame_bytes: usize) -> io::Result<Self> {
        let me = std::env::current_exe()?;
        let mut command = crate::hub::pinned(me.as_os_str());
        let arguments =
            ["baseline-server", &sockets.to_string(), &frame_bytes.to_string()].map(str::to_owned);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = crate::children::start(command)?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("the baseline has no output"))?;
        let mut output = BufReader::new(output);
        let port: u16 = line(&mut output)?.parse().map_err(io::Error::other)?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut streams = Vec::with_capacity(sockets);
        for n in 0..sockets {
            streams.push(conn::dial(address, conn::source(n)).await?.into_std()?);
        }
        line(&mut output)?;
        Ok(Self { child, output, swarm: Swarm::count(streams)? })
    }

    /// Sends `events` to every socket, one at a time. Returns the CPU time of one delivery, in microseconds.
    pub(crate) async fn events(&mut self, events: usize) -> io::Result<f64> {
        let before = process::cpu_ns(self.child.id());
        let mut expected = self.swarm.counts.frames();
        for _ in 0..events {
            expected += self.swarm.sockets as u64;
            let input =
                self.child.stdin.as_mut().ok_or_else(|| io::Error::other("the baseline has no input"))?;
            input.write_all(b"\n")?;
            self.swarm.reach(expected, ROUND_TIMEOUT).await?;
            line(&mut self.output)?;
        }
        let spent_ns = process::cpu_ns(self.child.id()) - before;
        Ok(spent_ns as f64 / 1_000.0 / (self.swarm.sockets * events) as f64)
    }

    /// Ends the loop.
    pub(crate) fn stop(mut self) -> io::Result<()> {
        drop(self.child.stdin.take());
        self.child.wait()?;
        self.swarm.stop().map(|_| ())
    }
}

fn line(output: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
