//! Two nodes prove to each other that they know the same secret, without telling it: each signs both sides' random
//! numbers with HMAC-SHA-256.

use std::io;
use std::time::Duration;

use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::frames;
use crate::clock::Clock;
use crate::cluster::lease::Member;
use crate::cluster::wire;

/// How long a greeting may take: a node that stands still is not waited for, since the owner's lease may have ended.
const PATIENCE: Duration = Duration::from_millis(800);
/// What the key is for: it must not be good for anything else that the same secret signs.
const PURPOSE: &[u8] = b"plenum: between nodes, version 1";

/// The key that all nodes of an installation share, made from the secret that signs tokens.
#[derive(Clone)]
pub(crate) struct Key(EncodingKey);

#[derive(Serialize, Deserialize)]
struct Hello {
    node: String,
    run: u64,
    address: String,
    random: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Proof(String);

impl Key {
    /// The key that follows from the installation's secret.
    pub(crate) fn of(secret: &[u8]) -> Self {
        let made = hmac(&EncodingKey::from_secret(secret), PURPOSE);
        Self(EncodingKey::from_secret(made.as_bytes()))
    }

    fn proof(&self, side: &str, dialled: &Hello, answered: &Hello) -> String {
        let both = wire::write(&(side, dialled, answered));
        hmac(&self.0, &both)
    }

    /// Whether a proof is right. Signatures of the two are compared, so that how long it takes says nothing of them.
    fn accepts(&self, proof: &Proof, right: &str) -> bool {
        hmac(&self.0, proof.0.as_bytes()) == hmac(&self.0, right.as_bytes())
    }
}

fn hmac(key: &EncodingKey, message: &[u8]) -> String {
    sign(message, key, Algorithm::HS256).expect("HMAC takes keys and messages of any length")
}

impl Hello {
    fn of(member: &Member, clock: &Clock) -> Self {
        let Member { node, run, address } = member.clone();
        Self { node, run, address, random: clock.secret() }
    }
}

impl From<Hello> for Member {
    fn from(hello: Hello) -> Self {
        Self { node: hello.node, run: hello.run, address: hello.address }
    }
}

/// The dialling side. Returns who answered.
///
/// # Errors
/// The connection failed, or the other one does not know the secret.
pub(crate) async fn greet(
    stream: &mut TcpStream,
    me: &Member,
    key: &Key,
    clock: &Clock,
) -> io::Result<Member> {
    let greeting = async {
        let mine = Hello::of(me, clock);
        say(stream, &mine).await?;
        let (theirs, proof): (Hello, Proof) = hear(stream).await?;
        if !key.accepts(&proof, &key.proof("answers", &mine, &theirs)) {
            return Err(stranger());
        }
        say(stream, &Proof(key.proof("dials", &mine, &theirs))).await?;
        Ok(theirs.into())
    };
    timeout(PATIENCE, greeting).await?
}

/// The side that was dialled. Returns who did.
///
/// # Errors
/// The connection failed, or the other one does not know the secret.
pub(crate) async fn answer(
    stream: &mut TcpStream,
    me: &Member,
    key: &Key,
    clock: &Clock,
) -> io::Result<Member> {
    let greeting = async {
        let theirs: Hello = hear(stream).await?;
        let mine = Hello::of(me, clock);
        let proof = Proof(key.proof("answers", &theirs, &mine));
        say(stream, &(&mine, &proof)).await?;
        let proof: Proof = hear(stream).await?;
        match key.accepts(&proof, &key.proof("dials", &theirs, &mine)) {
            true => Ok(theirs.into()),
            false => Err(stranger()),
        }
    };
    timeout(PATIENCE, greeting).await?
}

async fn say(stream: &mut TcpStream, message: &impl Serialize) -> io::Result<()> {
    frames::write(stream, &wire::write(message)).await?;
    stream.flush().await
}

async fn hear<T: DeserializeOwned>(stream: &mut TcpStream) -> io::Result<T> {
    let bytes = frames::read_short(stream).await?;
    wire::read(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn stranger() -> io::Error {
    let why = "the other node does not know this installation's secret (auth.secret_file)";
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}
