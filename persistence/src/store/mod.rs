//! The store: what is looked up, listed and kept for long. Rooms never ask it; the journal feeds it from behind.
//!
//! One file per family of tables. Every statement is a constant (lists add the filters that are asked for and one of a few orders), takes `$1`
//! parameters, names the tenant unless it is on the short list in `tests/statements.rs`, and runs on SQLite and on
//! PostgreSQL as it stands:
//!
//! - a [`query::query`] with its values runs on a `connection` of the store ([`Store::readers`] and the others), or in
//!   a transaction (`begin`). Whose rows it may reach is said there: a tenant's, or everyone's and why;
//! - many rows at once are a [`bulk::Bulk`]; lists that are read in pages are a [`page::List`];
//! - ids, times, flags and JSON become [`value::Value`]s on the way in, and `columns` on the way out.

mod accounts;
pub(crate) mod activity;
mod analytics;
mod api_tokens;
pub(crate) mod audit;
mod bulk;
mod check_ins;
mod clones;
mod columns;
mod conferences;
pub(crate) mod connection;
pub(crate) mod copy;
mod custom_roles;
mod cutoffs;
mod days;
mod deeds;
mod edit;
mod error;
pub(crate) mod facts;
pub(crate) mod giving_way;
mod grants;
pub(crate) mod halls;
mod idempotency;
mod invitations;
mod letters;
mod logos;
mod merging;
pub(crate) mod messages;
mod names;
mod news;
mod open;
pub(crate) mod owners;
mod page;
mod participants;
mod passwords;
mod people;
pub(crate) mod polls;
mod postgres;
mod programme;
pub(crate) mod projection;
mod providers;
pub(crate) mod query;
pub(crate) mod questions;
mod refresh_tokens;
mod registrations;
mod rolls;
pub(crate) mod screens;
mod search;
mod seats;
mod second_factors;
mod session_texts;
pub(crate) mod sessions;
mod sign_ins;
mod sqlite;
mod tenant_states;
mod tenants;
mod urgency;
mod users;
pub(crate) mod value;
mod venues;

#[cfg(test)]
pub(crate) mod tests;

pub use accounts::{Account, AccountChange, AccountFilter};
pub use activity::{Recounted, Sums};
pub use analytics::{DidAt, DidIn, InSession, OfPoll, PresentAt, QuestionsIn, VotesAt};
pub use api_tokens::{ApiToken, NewApiToken};
pub use audit::{AuditEntry, AuditFilter, Note};
pub use check_ins::CheckIn;
pub use clones::{CopiedSession, Copies};
pub use conferences::{Conference, ConferenceChange, ConferenceFilter, NewConference};
pub use copy::{Copied, CopyError};
pub use custom_roles::CustomRole;
pub use cutoffs::Cutoff;
pub use days::ProgrammeDay;
pub use deeds::{After, Attended, Done};
pub use edit::Edit;
pub use error::{OpenStoreError, StoreError};
pub use facts::ArchivedRecord;
pub use grants::{GrantedRole, NewRoleGrant, RoleGrant};
pub use halls::{Hall, NewHall};
pub use idempotency::{Begun, IdempotencyKey};
pub use invitations::{Accepted, Invitation};
pub use letters::{LetterEnd, RegistrationLetter};
pub use logos::Logo;
pub use merging::Difference;
pub use messages::StoredMessage;
pub use news::SessionNews;
pub use open::{Settings, Store};
pub use owners::Seen;
pub use page::{Listed, Order, Page, UnknownSort};
pub use participants::{NewParticipant, Participant, ParticipantFilter};
pub use passwords::Reset;
pub use people::{Part, Person, Speaker};
pub use polls::{PollFilter, StoredPoll, StoredResults, StoredVote};
pub use programme::{Import, Imported};
pub use providers::SignInProvider;
pub use questions::{QuestionFilter, StoredQuestion};
pub use refresh_tokens::{Grant, NewRefreshToken, Rotation, Subject};
pub use registrations::{By, NewRegistration, RegistrationForm};
pub use rolls::{Expected, Piece};
pub use screens::{NewScreen, Pairing, Screen};
pub use search::Search;
pub use seats::Seat;
pub use second_factors::SecondFactor;
pub use session_texts::SessionText;
pub use sessions::{NewSession, Session, SessionChange, SessionDetails, SessionFilter};
pub use sign_ins::SignIn;
pub use tenant_states::{PastSettings, TenantState};
pub use tenants::{NewTenant, Tenant};
pub use urgency::Urgency;
pub use users::{NewUser, User};
pub use venues::{AboutVenue, Venue};
