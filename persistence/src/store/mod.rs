//! The store: what is looked up, listed and kept for long. Rooms never ask it; the journal feeds it from behind.
//!
//! One file per family of tables. Every statement is a constant (lists add one of a few sort orders), takes `$1`
//! parameters, and names the tenant unless it is on the short list in `tests/statements.rs`.

mod accounts;
mod api_tokens;
mod audit;
mod bulk;
mod columns;
mod conferences;
mod custom_roles;
mod cutoffs;
mod error;
pub(crate) mod facts;
mod grants;
pub(crate) mod halls;
mod idempotency;
mod logos;
pub(crate) mod messages;
pub(crate) mod open;
mod page;
mod participants;
mod people;
pub(crate) mod polls;
mod programme;
pub(crate) mod projection;
mod query;
pub(crate) mod questions;
mod refresh_tokens;
mod screens;
pub(crate) mod sessions;
mod tenant_states;
mod tenants;
mod users;
mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use accounts::{Account, AccountChange, AccountFilter};
pub use api_tokens::{ApiToken, NewApiToken};
pub use audit::{AuditEntry, AuditFilter, Note};
pub use conferences::{Conference, ConferenceChange, ConferenceFilter, NewConference};
pub use custom_roles::CustomRole;
pub use cutoffs::Cutoff;
pub use error::{OpenStoreError, StoreError};
pub use facts::ArchivedRecord;
pub use grants::{GrantedRole, NewRoleGrant, RoleGrant};
pub use halls::{Hall, NewHall};
pub use idempotency::{Begun, IdempotencyKey};
pub use logos::Logo;
pub use messages::StoredMessage;
pub use open::Store;
pub use page::{Listed, Order, Page, UnknownSort};
pub use participants::{NewParticipant, Participant};
pub use people::{Person, Speaker};
pub use polls::{PollFilter, StoredPoll, StoredResults, StoredVote};
pub use programme::{Import, Imported};
pub use questions::{QuestionFilter, StoredQuestion};
pub use refresh_tokens::{Grant, NewRefreshToken, Rotation, Subject};
pub use screens::{NewScreen, Pairing, Screen};
pub use sessions::{NewSession, Session, SessionChange, SessionFilter};
pub use tenant_states::{PastSettings, TenantState};
pub use tenants::{NewTenant, Tenant};
pub use users::{NewUser, User};

/// The statement's text is one of ours: fixed parts and a sort order from a fixed list, never a value.
pub(crate) fn ours(sql: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql)
}
