//! What accounts hold at this moment, remembered for some seconds so that not every request asks the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use plenum_domain::access::Rights;
use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::{RoleGrant, Store, StoreError, User};

use super::identity::Person;

/// How long what was read is believed. Changes made through this hub are known at once, those of others after this.
const BELIEVED_MS: i64 = 5_000;
/// Accounts that are remembered; with more, all are forgotten and read again.
const REMEMBERED_MAX: usize = 20_000;

#[derive(Clone)]
struct Entry {
    read: Timestamp,
    /// None when there is no such account, or it is disabled.
    person: Option<Person>,
}

/// The book.
#[derive(Default)]
pub(super) struct Book(Mutex<HashMap<Id, Entry>>);

impl Book {
    /// The account, unless it is disabled or gone.
    pub(super) async fn person(
        &self,
        store: &Store,
        tenant: Id,
        id: Id,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        if let Some(entry) = self.known(id, now) {
            return Ok(entry.person);
        }
        let person = match store.user(tenant, id).await?.filter(|user| user.disabled.is_none()) {
            None => None,
            Some(user) => {
                let rights = rights(&user, &store.grants_of(tenant, id).await?);
                Some(Person::new(id, &user.name, rights))
            }
        };
        self.remember(id, Entry { read: now, person: person.clone() });
        Ok(person)
    }

    /// An account changed.
    pub(super) fn forget(&self, id: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn known(&self, id: Id, now: Timestamp) -> Option<Entry> {
        let book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.get(&id).filter(|entry| now.since_ms(entry.read) < BELIEVED_MS).cloned()
    }

    fn remember(&self, id: Id, entry: Entry) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if book.len() >= REMEMBERED_MAX {
            book.clear();
        }
        book.insert(id, entry);
    }
}

/// All that an account holds.
pub(super) fn rights(user: &User, grants: &[RoleGrant]) -> Rights {
    let mut rights = Rights::everywhere(user.tenant, user.roles);
    rights.grants.extend(grants.iter().filter_map(RoleGrant::held));
    rights
}
