//! Signing in at somebody else's: OpenID Connect, by code with PKCE (OpenID Connect Core 1.0; RFC 7636). What has to be
//! remembered between the two halves is signed and kept by the browser that began, so any hub can finish.

mod claims;
mod fetch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::JwkSet;
use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Auth;
use super::percent::escaped;
use claims::Expected;
use fetch::Fetch;

pub use claims::Known;

/// How long somebody may take to sign in at the provider, in milliseconds.
const BEGUN_MS: i64 = 10 * 60 * 1_000;
/// How long what a provider says of itself is believed, in milliseconds.
const BELIEVED_MS: i64 = 10 * 60 * 1_000;
/// Providers that are remembered.
const REMEMBERED_MAX: usize = 1_000;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer as it should.
    #[error("the provider cannot be used: {0}")]
    Unreachable(String),
    /// What it says of itself does not fit.
    #[error("the provider {0}")]
    Provider(&'static str),
    /// What it says of the person cannot be believed.
    #[error("the provider's token {0}")]
    Token(&'static str),
    /// It was begun elsewhere, or too long ago.
    #[error("this sign-in was begun elsewhere, or too long ago: begin again")]
    Stale,
}

/// A tenant's client at a provider.
#[derive(Clone)]
pub struct Client {
    /// The provider.
    pub issuer: String,
    /// What the provider calls this hub.
    pub id: String,
    /// What only the two know; none for a public client.
    pub secret: Option<String>,
}

/// A sign-in that was begun.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What it brings back.
    pub handle: String,
}

/// What the browser keeps meanwhile.
#[derive(Serialize, Deserialize)]
struct Handle {
    tenant: Id,
    issuer: String,
    back: String,
    state: String,
    nonce: String,
    verifier: String,
    /// Milliseconds since 1970.
    until_ms: i64,
}

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What the token endpoint answers.
#[derive(Deserialize)]
struct Exchanged {
    id_token: String,
    #[serde(default)]
    access_token: Option<String>,
}

/// Providers, and what is known of them.
pub(super) struct Providers {
    fetch: Fetch,
    known: Mutex<HashMap<String, (Timestamp, Arc<Metadata>)>>,
    keys: Mutex<HashMap<String, Arc<JwkSet>>>,
}

impl Providers {
    /// `everywhere`: also at private addresses and without TLS.
    pub(super) fn new(everywhere: bool) -> Self {
        Self { fetch: Fetch::new(everywhere), known: Mutex::default(), keys: Mutex::default() }
    }

    async fn metadata(&self, issuer: &str, now: Timestamp) -> Result<Arc<Metadata>, OidcError> {
        if let Some((read, metadata)) = lock(&self.known).get(issuer)
            && now.since_ms(*read) < BELIEVED_MS
        {
            return Ok(Arc::clone(metadata));
        }
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.fetch.read(&url, None).await?;
        if metadata.issuer != issuer {
            return Err(OidcError::Provider(
                "calls itself otherwise: the address has to be its issuer, to the letter",
            ));
        }
        if !["https://", "http://"].iter().any(|scheme| metadata.authorization_endpoint.starts_with(scheme)) {
            return Err(OidcError::Provider("has no page to sign in at"));
        }
        let metadata = Arc::new(metadata);
        let mut known = lock(&self.known);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(issuer.to_owned(), (now, Arc::clone(&metadata)));
        Ok(metadata)
    }

    /// The keys of before; when the token was signed with none of them, the provider's of now.
    async fn keys_for(&self, token: &str, metadata: &Metadata) -> Result<Arc<JwkSet>, OidcError> {
        let kept = lock(&self.keys).get(&metadata.jwks_uri).cloned();
        if let Some(kept) = kept
            && claims::key(token, &kept)?.is_some()
        {
            return Ok(kept);
        }
        let now: Arc<JwkSet> = Arc::new(self.fetch.read(&metadata.jwks_uri, None).await?);
        let mut keys = lock(&self.keys);
        if keys.len() >= REMEMBERED_MAX {
            keys.clear();
        }
        keys.insert(metadata.jwks_uri.clone(), Arc::clone(&now));
        Ok(now)
    }

    async fn exchange(
        &self,
        metadata: &Metadata,
        client: &Client,
        code: String,
        handle: &Handle,
    ) -> Result<Exchanged, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code),
            ("redirect_uri", handle.back.clone()),
            ("code_verifier", handle.verifier.clone()),
        ];
        let methods = metadata.token_endpoint_auth_methods_supported.as_deref();
        // What is not said is client_secret_basic (OpenID Connect Discovery 1.0, section 3).
        let basic = methods.is_none_or(|all| all.iter().any(|one| one == "client_secret_basic"));
        let header = match &client.secret {
            Some(secret) if basic => {
                Some(STANDARD.encode(format!("{}:{}", escaped(&client.id), escaped(secret))))
            }
            Some(secret) => {
                form.push(("client_secret", secret.clone()));
                None
            }
            None => None,
        };
        if header.is_none() {
            form.push(("client_id", client.id.clone()));
        }
        self.fetch.send(&metadata.token_endpoint, form, header).await
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Auth {
    /// Whether a provider is there and is what it says; for whoever names one.
    ///
    /// # Errors
    /// It is not.
    pub async fn try_provider(&self, issuer: &str) -> Result<(), OidcError> {
        lock(&self.0.providers.known).remove(issuer);
        self.0.providers.metadata(issuer, self.0.clock.now()).await.map(drop)
    }

    /// Sends somebody to a tenant's provider; `back` is the page to which they come back.
    ///
    /// # Errors
    /// The provider does not answer.
    pub async fn begin_oidc(&self, tenant: Id, client: &Client, back: String) -> Result<Begun, OidcError> {
        let now = self.0.clock.now();
        let metadata = self.0.providers.metadata(&client.issuer, now).await?;
        let [state, nonce, verifier] = [(); 3].map(|()| URL_SAFE_NO_PAD.encode(self.0.clock.secret::<32>()));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let to = [
            ("response_type", "code"),
            ("client_id", &client.id),
            ("redirect_uri", &back),
            ("scope", "openid email profile"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> =
            to.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let page = &metadata.authorization_endpoint;
        let joint = if page.contains('?') { '&' } else { '?' };
        let url = format!("{page}{joint}{}", query.join("&"));
        let (issuer, until_ms) = (client.issuer.clone(), now.plus_ms(BEGUN_MS).ms());
        let handle = Handle { tenant, issuer, back, state, nonce, verifier, until_ms };
        Ok(Begun { url, handle: self.0.signer.sign_plain(&handle) })
    }

    /// The tenant for which a sign-in was begun.
    ///
    /// # Errors
    /// Not by this installation, or too long ago.
    pub fn begun_for(&self, handle: &str) -> Result<Id, OidcError> {
        self.handle(handle).map(|handle| handle.tenant)
    }

    fn handle(&self, text: &str) -> Result<Handle, OidcError> {
        let handle: Option<Handle> = self.0.signer.read_plain(text);
        handle.filter(|handle| self.0.clock.now().ms() < handle.until_ms).ok_or(OidcError::Stale)
    }

    /// Asks the provider who came back with this code.
    ///
    /// # Errors
    /// Begun elsewhere, or the provider does not answer, or cannot be believed.
    pub async fn finish_oidc(
        &self,
        client: &Client,
        handle: &str,
        state: &str,
        code: String,
    ) -> Result<Known, OidcError> {
        let handle = self.handle(handle)?;
        // Another state is somebody else's link; another issuer is a provider that was replaced meanwhile.
        if handle.state != state || handle.issuer != client.issuer {
            return Err(OidcError::Stale);
        }
        let (now, providers) = (self.0.clock.now(), &self.0.providers);
        let metadata = providers.metadata(&client.issuer, now).await?;
        let Exchanged { id_token, access_token } =
            providers.exchange(&metadata, client, code, &handle).await?;
        let keys = providers.keys_for(&id_token, &metadata).await?;
        let key = claims::key(&id_token, &keys)?;
        let key = key.ok_or(OidcError::Token("is signed with a key that the provider does not show"))?;
        let expected = Expected { issuer: &client.issuer, client: &client.id, nonce: &handle.nonce };
        let known = claims::check(&id_token, key, &expected, now)?;
        match (known.email.is_some(), &metadata.userinfo_endpoint, access_token) {
            (false, Some(url), Some(token)) => {
                let info: claims::UserInfo = providers.fetch.read(url, Some(&token)).await?;
                if info.sub != known.subject {
                    return Err(OidcError::Token("and its page about people do not name the same person"));
                }
                Ok(info.known())
            }
            _ => Ok(known),
        }
    }
}
