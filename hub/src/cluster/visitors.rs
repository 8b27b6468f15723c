//! Other nodes that come here, because this one owns what their people are in.

use std::sync::Arc;

use plenum_protocol::CloseCode;
use plenum_rooms::Input;
use plenum_rooms::engine::{Outcome, Output, Ticket};
use tokio::net::{TcpListener, TcpStream};

use super::line::{answer, talk};
use super::node::Parts;
use super::tenancy::Owner;
use super::wire::{Asked, Down, Told, Up};
use crate::shard::{ClusterNews, News, Visitor, ticket_of};

/// Accepts other nodes until the process ends.
pub(super) async fn serve(listener: TcpListener, parts: Arc<Parts>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(receive(stream, Arc::clone(&parts)))),
            Err(error) => {
                tracing::warn!(%error, "cannot accept other nodes at the moment");
                tokio::time::sleep(super::timing::RENEW_EVERY).await;
            }
        }
    }
}

async fn receive(mut stream: TcpStream, parts: Arc<Parts>) {
    let greeted = match stream.set_nodelay(true) {
        Ok(()) => answer(&mut stream, &parts.me, &parts.key, &parts.clock).await,
        Err(error) => Err(error),
    };
    let from = match greeted {
        Ok(from) => from,
        Err(error) => return tracing::warn!(%error, "someone who is no node of ours was refused"),
    };
    let Some((visitor, messages)) = parts.outside.admit() else {
        return tracing::error!(node = %from.node, "too many nodes are connected");
    };
    tracing::info!(node = %from.node, "another node is connected");
    let hear = {
        let parts = Arc::clone(&parts);
        move |up: Up| heard(&parts, visitor, up)
    };
    let why = talk(stream, messages, hear).await;
    tracing::info!(node = %from.node, %why, "another node is gone");
    parts.outside.dismiss(visitor);
    for shard in 0..parts.links.shards() {
        parts.links.tell(shard, News::Cluster(ClusterNews::Gone { visitor }));
    }
}

fn heard(parts: &Arc<Parts>, visitor: Visitor, up: Up) {
    match up {
        Up::Alive => {}
        Up::Attach { conference } if parts.outside.is_mine(conference) => {
            let attach = ClusterNews::Attach { conference, visitor };
            match parts.outside.may_act(conference) {
                true => parts.tenancy.tell_owner(conference, attach),
                false => parts.outside.tell(visitor, Down::Elsewhere { conference }),
            }
        }
        Up::Attach { conference } => {
            let parts = Arc::clone(parts);
            tokio::spawn(async move {
                match parts.tenancy.own(conference).await {
                    Ok(Owner::Here) => {
                        parts.tenancy.tell_owner(conference, ClusterNews::Attach { conference, visitor });
                    }
                    Ok(Owner::Other(_)) => parts.outside.tell(visitor, Down::Elsewhere { conference }),
                    Err(error) => {
                        tracing::warn!(%conference, %error, "the conference cannot be taken");
                        parts.outside.tell(visitor, Down::Elsewhere { conference });
                    }
                }
            });
        }
        Up::Detach { conference } => {
            parts.tenancy.tell_owner(conference, ClusterNews::Detach { conference, visitor });
        }
        Up::Missed { conference, epoch, after } => {
            let news = ClusterNews::Repeat { conference, visitor, epoch, after };
            parts.tenancy.tell_owner(conference, news);
        }
        Up::Ask { conference, asked } => ask(parts, visitor, conference, asked),
        Up::Close { participant } => {
            let code = CloseCode::Token;
            for shard in 0..parts.links.shards() {
                parts.links.tell(shard, News::Close { participant, code });
            }
        }
    }
}

fn ask(parts: &Parts, visitor: Visitor, conference: plenum_domain::Id, asked: Asked) {
    if !parts.outside.is_mine(conference) {
        return parts.outside.tell(visitor, Down::Elsewhere { conference });
    }
    let input = asked.into_input(|number| visitor.mark(number));
    let owner = parts.links.directory.owner(conference);
    let ticket = ticket_of(&input);
    if matches!(input, Input::Leave { .. }) {
        return parts.links.tell(owner, News::Input(input));
    }
    if let (Err(refusal), Some(ticket)) = (parts.links.post(owner, input), ticket) {
        refuse(parts, visitor, conference, ticket, Err(refusal));
    }
}

fn refuse(parts: &Parts, visitor: Visitor, conference: plenum_domain::Id, ticket: Ticket, outcome: Outcome) {
    let reply = Output::Reply { ticket, outcome };
    if let Some(told) = Told::of(reply, crate::shard::Numbers::home) {
        parts.outside.tell(visitor, Down::Answer { conference, told });
    }
}
