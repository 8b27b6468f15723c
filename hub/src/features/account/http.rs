//! Handlers.

use axum::extract::State;

use super::types::{
    ChangePassword, Ended, FactorOut, GiveCode, NewToken, PreparedFactor, RecoveryCodes, SignInOut,
    TokenMade, TokenOut,
};
use super::{own_tokens, second};
use crate::app::App;
use crate::features::letters::Spoken;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json};

/// Change one's password
///
/// By the old one. Sign-ins elsewhere end.
#[utoipa::path(post, path = "/account/password", tag = "Account", security(("token" = [])), request_body = ChangePassword,
    responses((status = 200, description = "Changed", body = Success<Ended>)))]
pub(super) async fn change_password(
    State(app): State<App>,
    caller: Caller,
    spoken: Spoken,
    Json(body): Json<ChangePassword>,
) -> Answered<Ended> {
    super::change_password(&app, &caller, spoken, body).await?;
    Ok(Answer::ok(Ended {}))
}

/// Show one's second factor
#[utoipa::path(get, path = "/account/second-factor", tag = "Account", security(("token" = [])),
    responses((status = 200, description = "Whether there is one, and how many recovery codes are left", body = Success<FactorOut>)))]
pub(super) async fn factor(State(app): State<App>, caller: Caller) -> Answered<FactorOut> {
    second::show(&app, &caller).await.map(Answer::ok)
}

/// Ask for a second factor
///
/// A secret for an app on the phone, to be scanned or typed. It is not asked for until it is confirmed.
#[utoipa::path(post, path = "/account/second-factor", tag = "Account", security(("token" = [])),
    responses((status = 201, description = "The secret, shown once", body = Success<PreparedFactor>),
        (status = 409, description = "`SECOND_FACTOR_EXISTS`", body = Failure)))]
pub(super) async fn prepare_factor(State(app): State<App>, caller: Caller) -> Answered<PreparedFactor> {
    second::prepare(&app, &caller).await.map(|made| Answer::created(made).shown_once())
}

/// Confirm one's second factor
///
/// With a code that the app shows. From then on signing in takes one (`otp` of `/auth/login`).
#[utoipa::path(post, path = "/account/second-factor/confirm", tag = "Account", security(("token" = [])), request_body = GiveCode,
    responses((status = 200, description = "Ten codes for when the phone is lost, each good once, shown once", body = Success<RecoveryCodes>),
        (status = 409, description = "`NOTHING_TO_CONFIRM`", body = Failure)))]
pub(super) async fn confirm_factor(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<GiveCode>,
) -> Answered<RecoveryCodes> {
    let recovery_codes = second::confirm(&app, &caller, &body.otp).await?;
    Ok(Answer::ok(RecoveryCodes { recovery_codes }).shown_once())
}

/// Take one's second factor away
///
/// With a code of it, or a recovery code.
#[utoipa::path(post, path = "/account/second-factor/remove", tag = "Account", security(("token" = [])), request_body = GiveCode,
    responses((status = 200, description = "Signing in takes the password only", body = Success<Ended>)))]
pub(super) async fn remove_factor(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<GiveCode>,
) -> Answered<Ended> {
    second::remove(&app, &caller, &body.otp).await?;
    Ok(Answer::ok(Ended {}))
}

/// List where one is signed in
#[utoipa::path(get, path = "/account/sessions", tag = "Account", security(("token" = [])),
    responses((status = 200, description = "The most recently seen first", body = Success<Vec<SignInOut>>)))]
pub(super) async fn sign_ins(State(app): State<App>, caller: Caller) -> Answered<Vec<SignInOut>> {
    let found = super::sign_ins(&app, &caller).await?;
    Ok(Answer::ok(found.into_iter().map(|one| SignInOut::new(one, caller.0.session)).collect()))
}

/// End a sign-in
///
/// Its tokens end and its sockets close at once.
#[utoipa::path(delete, path = "/account/sessions/{id}", tag = "Account", security(("token" = [])),
    params(("id" = String, Path, description = "The sign-in")),
    responses((status = 200, description = "It has ended", body = Success<Ended>)))]
pub(super) async fn end_sign_in(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Ended> {
    super::end_sign_in(&app, &caller, id).await?;
    Ok(Answer::ok(Ended {}))
}

/// List one's personal tokens
#[utoipa::path(get, path = "/account/tokens", tag = "Account", security(("token" = [])),
    responses((status = 200, description = "Oldest first, without their secrets", body = Success<Vec<TokenOut>>)))]
pub(super) async fn tokens(State(app): State<App>, caller: Caller) -> Answered<Vec<TokenOut>> {
    let found = own_tokens::list(&app, &caller).await?;
    Ok(Answer::ok(found.into_iter().map(TokenOut::from).collect()))
}

/// Make a personal token
///
/// It never may more than its owner may at that moment.
#[utoipa::path(post, path = "/account/tokens", tag = "Account", security(("token" = [])), request_body = NewToken,
    responses((status = 201, description = "The token, shown once", body = Success<TokenMade>),
        (status = 409, description = "`TOO_MANY`", body = Failure)))]
pub(super) async fn make_token(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<NewToken>,
) -> Answered<TokenMade> {
    own_tokens::make(&app, &caller, body).await.map(|made| Answer::created(made).shown_once())
}

/// Revoke a personal token
#[utoipa::path(delete, path = "/account/tokens/{id}", tag = "Account", security(("token" = [])),
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 200, description = "It is no longer good", body = Success<Ended>)))]
pub(super) async fn revoke_token(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Ended> {
    own_tokens::revoke(&app, &caller, id).await?;
    Ok(Answer::ok(Ended {}))
}

/// Take somebody's second factor away
///
/// For who has lost phone and recovery codes; signs them out. Needs `people.manage`.
#[utoipa::path(delete, path = "/users/{id}/second-factor", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, description = "Signing in takes the password only", body = Success<Ended>)))]
pub(super) async fn take_factor(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Ended> {
    second::take(&app, &caller, id).await?;
    Ok(Answer::ok(Ended {}))
}

/// Sign somebody out everywhere
///
/// Needs `people.manage`.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, description = "All sign-ins have ended", body = Success<Ended>)))]
pub(super) async fn sign_out_user(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Ended> {
    second::sign_out_user(&app, &caller, id).await?;
    Ok(Answer::ok(Ended {}))
}
