//! What signing in at a provider takes and gives.

use plenum_domain::Roles;
use plenum_persistence::store::SignInProvider;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A provider to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetProvider {
    /// What stands on the button.
    #[schema(example = "Acme")]
    pub name: String,
    /// The provider's issuer, to the letter.
    #[schema(example = "https://id.example.org")]
    pub issuer: String,
    /// What the provider calls this hub.
    #[schema(example = "plenum")]
    pub client_id: String,
    /// What only the two know. Left out: as it was, while issuer and client are the same; otherwise a public client.
    #[schema(example = json!(null))]
    pub client_secret: Option<String>,
    /// The roles of an account that is made when somebody without one comes from the provider. Left out: nobody gets an
    /// account that way.
    #[schema(value_type = Option<Vec<String>>, example = json!(["organiser"]))]
    pub new_roles: Option<Roles>,
}

/// A tenant's provider, without the secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderOut {
    /// What stands on the button.
    #[schema(example = "Acme")]
    pub name: String,
    /// The provider's issuer.
    #[schema(example = "https://id.example.org")]
    pub issuer: String,
    /// What the provider calls this hub.
    #[schema(example = "plenum")]
    pub client_id: String,
    /// Whether there is a secret.
    #[schema(example = true)]
    pub has_secret: bool,
    /// The roles of accounts that are made on the way; null when none are made.
    #[schema(value_type = Option<Vec<String>>, example = json!(["organiser"]))]
    pub new_roles: Option<Roles>,
    /// Where people come back to: the provider has to allow it.
    #[schema(example = "https://plenum.example.org/signed-in")]
    pub redirect_uri: String,
}

impl ProviderOut {
    pub(super) fn new(provider: SignInProvider, redirect_uri: String) -> Self {
        let SignInProvider { name, issuer, client_id, client_secret, new_roles } = provider;
        Self { name, issuer, client_id, has_secret: client_secret.is_some(), new_roles, redirect_uri }
    }
}

/// How one may sign in besides by password.
#[derive(Debug, Serialize, ToSchema)]
pub struct WayOut {
    /// What stands on the button.
    #[schema(example = "Acme")]
    pub name: String,
}

/// A sign-in that was begun.
#[derive(Serialize, ToSchema)]
pub struct BegunOut {
    /// Where the browser goes.
    #[schema(example = "https://id.example.org/auth?response_type=code&client_id=plenum")]
    pub url: String,
    /// What the browser keeps, and brings to `/auth/oidc/finish`.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdGF0ZSI6IngifQ.c2ln")]
    pub handle: String,
}

/// What the provider sent back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finish {
    /// Of `/auth/oidc/begin`.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdGF0ZSI6IngifQ.c2ln")]
    pub handle: String,
    /// `state` of the address to which the provider sent the browser.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub state: String,
    /// `code` of it.
    #[schema(example = "SplxlOBeZQQYbYS6WxSbIA")]
    pub code: String,
}
