//! Requests with a token: answers are kept in the store, by person.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plenum_persistence::store::{Begun, IdempotencyKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{KEPT_MS, is_kept, other_request, replayed, under_way};
use crate::app::App;
use crate::auth::Identity;
use crate::http::answer::ShownOnce;
use crate::http::envelope::Outcome;
use crate::http::fault::Fault;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    data: Option<Box<RawValue>>,
    fault: Option<KeptFault>,
}

#[derive(Serialize, Deserialize)]
struct KeptFault {
    code: String,
    message: String,
    details: std::collections::BTreeMap<String, serde_json::Value>,
}

pub(super) async fn answer(
    app: &App,
    identity: &Identity,
    key: String,
    hash: [u8; 32],
    request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let key = IdempotencyKey { tenant: identity.tenant, subject: identity.actor.participant, key };
    let now = app.clock.now();
    match app.store.begin_request(&key, &hash, &app.config.node.id, now, now.plus_ms(KEPT_MS)).await? {
        Begun::OtherRequest => Err(other_request()),
        Begun::UnderWay => Err(under_way()),
        Begun::Answered { status, response } => Ok(replayed(again(status, &response))),
        Begun::New => handle(app.clone(), key, request, next).await,
    }
}

/// Handles the request in a task of its own: when its sender goes away, it is finished and its answer kept all the same.
async fn handle(app: App, key: IdempotencyKey, request: Request, next: Next) -> Result<Response, Fault> {
    let (keeper, kept_key) = (app.clone(), key.clone());
    let handled = tokio::spawn(async move {
        let response = next.run(request).await;
        if let Err(error) = keep(&keeper, &kept_key, response.status(), kept(&response)).await {
            tracing::warn!(%error, "an answer is not kept for its Idempotency-Key");
        }
        response
    });
    match handled.await {
        Ok(response) => Ok(response),
        Err(panic) => {
            tracing::error!(%panic, "a handler panicked");
            app.store.abandon_request(&key).await?;
            Err(Fault::internal())
        }
    }
}

fn kept(response: &Response) -> Option<Vec<u8>> {
    let writable = is_kept(response.status()) && response.extensions().get::<ShownOnce>().is_none();
    response.extensions().get::<Outcome>().filter(|_| writable).and_then(written)
}

async fn keep(
    app: &App,
    key: &IdempotencyKey,
    status: StatusCode,
    kept: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    match kept {
        Some(bytes) => app.store.finish_request(key, status.as_u16(), &bytes).await,
        None => app.store.abandon_request(key).await,
    }
}

fn written(outcome: &Outcome) -> Option<Vec<u8>> {
    let kept = match outcome {
        Outcome::Data { data, .. } => Kept { data: Some((**data).to_owned()), fault: None },
        Outcome::Fault(fault) => {
            let (code, message, details) =
                (fault.code.to_string(), fault.message.clone(), fault.details.clone());
            Kept { data: None, fault: Some(KeptFault { code, message, details }) }
        }
    };
    serde_json::to_vec(&kept).ok()
}

fn again(status: u16, bytes: &[u8]) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match serde_json::from_slice(bytes) {
        Ok(Kept { data: Some(data), .. }) => {
            let mut response = status.into_response();
            response.extensions_mut().insert(Outcome::Data { data: data.into(), part: None });
            response
        }
        Ok(Kept { fault: Some(fault), .. }) => {
            let KeptFault { code, message, details } = fault;
            Fault { status, code: code.into(), message, details, retry_ms: None }.into_response()
        }
        _ => Fault::internal().into_response(),
    }
}
