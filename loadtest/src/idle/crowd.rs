//! The people of one hub, in a process of their own that is asked by lines on its input.

use std::cell::Cell;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;

use plenum_protocol::ServerMessage;
use serde_json::json;
use tokio::sync::{Semaphore, watch};

use super::EVENT;
use crate::crowd::{Person, codec_of};
use crate::hub::join_people_at;

/// So many connect at the same time.
const ENTERING: usize = 64;

/// A crowd in another process.
pub(super) struct Crowd {
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Crowd {
    pub(super) fn start(
        hub: SocketAddr,
        code: &str,
        people: usize,
        rooms: &[String],
        codec: &str,
    ) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["idle-crowd", &hub.to_string(), code, &people.to_string(), codec])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or_else(|| io::Error::other("the crowd has no output"))?;
        let mut crowd = Self { process, output: BufReader::new(output) };
        crowd.say(&rooms.join(" "))?;
        Ok(crowd)
    }

    /// Waits until everyone is in. Returns how many that is.
    pub(super) fn entered(&mut self) -> io::Result<usize> {
        self.number()
    }

    /// How many heard the event.
    pub(super) fn heard(&mut self) -> io::Result<usize> {
        self.say("heard")?;
        self.number()
    }

    /// How many answer still.
    pub(super) fn alive(&mut self) -> io::Result<usize> {
        self.say("alive")?;
        self.number()
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        let input = self.process.stdin.as_mut().ok_or_else(|| io::Error::other("the crowd has no input"))?;
        writeln!(input, "{line}")
    }

    fn number(&mut self) -> io::Result<usize> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        line.trim().parse().map_err(|_| io::Error::other(format!("the crowd said {line:?}")))
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // It ends with its input as well; it must not outlive us if it is stuck.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The crowd's side, run as a hidden command.
///
/// # Errors
/// The hub lets somebody not in.
pub(crate) async fn serve(hub: SocketAddr, code: &str, people: usize, codec: &str) -> io::Result<()> {
    let mut rooms = String::new();
    io::stdin().read_line(&mut rooms)?;
    let rooms: Vec<String> = rooms.split_whitespace().map(str::to_owned).collect();
    let tokens = join_people_at(hub, code, people)?;
    let (heard, alive) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (ask, asked) = watch::channel(false);
    let (gate, mut entering) = (Rc::new(Semaphore::new(ENTERING)), tokio::task::JoinSet::new());
    let mut listening = tokio::task::JoinSet::new();
    for (n, token) in tokens.into_iter().enumerate() {
        let (gate, room, codec) = (Rc::clone(&gate), rooms[n % rooms.len()].clone(), codec_of(n, codec));
        entering.spawn_local(async move {
            let _turn = gate.acquire().await.map_err(io::Error::other)?;
            Person::enter(hub, n, codec, &token, &[room]).await
        });
    }
    while let Some(person) = entering.join_next().await {
        let person = person.map_err(io::Error::other)??;
        listening.spawn_local(idle(person, Rc::clone(&heard), Rc::clone(&alive), asked.clone()));
    }
    println!("{people}");
    let (to_us, mut questions) = tokio::sync::mpsc::unbounded_channel();
    // A thread of its own reads the input, so that people go on listening meanwhile; it ends with the process.
    std::thread::spawn(move || {
        io::stdin().lines().map_while(Result::ok).try_for_each(|line| to_us.send(line))
    });
    while let Some(question) = questions.recv().await {
        if question == "heard" {
            println!("{}", heard.get());
            continue;
        }
        ask.send_replace(true);
        while listening.join_next().await.is_some() {}
        println!("{}", alive.get());
    }
    Ok(())
}

/// Listens; when everyone is asked, says whether the hub still answers.
async fn idle(
    mut person: Person,
    heard: Rc<Cell<usize>>,
    alive: Rc<Cell<usize>>,
    mut asked: watch::Receiver<bool>,
) {
    let mut has_heard = false;
    loop {
        let listening = person.conn.hear(|_, message| {
            if !has_heard && is_event(&message) {
                has_heard = true;
                heard.set(heard.get() + 1);
            }
        });
        tokio::select! {
            ended = listening => if ended.is_err() { return },
            _ = asked.wait_for(|asked| *asked) => break,
        }
    }
    let Ok(id) = person.conn.send("ping", None, None, &json!({})).await else { return };
    if person.conn.answer(id, |_, _| {}).await.is_ok() {
        alive.set(alive.get() + 1);
    }
}

fn is_event(message: &ServerMessage<'_>) -> bool {
    let ServerMessage::Push(push) = message else { return false };
    push.data.windows(EVENT.len()).any(|part| part == EVENT.as_bytes())
}
