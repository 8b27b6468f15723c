//! What a conference that is made from another one begins with.

use plenum_domain::Id;

use super::{
    AboutVenue, Edit, Hall, NewSession, Part, Person, ProgrammeDay, SessionText, StoreError, Venue, days,
    halls, people, session_texts, sessions, venues,
};

/// What a conference begins with. Ids are new already.
#[derive(Clone, Debug, Default)]
pub struct Copies {
    /// Where it takes place.
    pub venues: Vec<Venue>,
    /// Its halls.
    pub halls: Vec<Hall>,
    /// Its days.
    pub days: Vec<ProgrammeDay>,
    /// Those who speak.
    pub people: Vec<Person>,
    /// Its sessions.
    pub sessions: Vec<CopiedSession>,
}

/// A session with all that belongs to it.
#[derive(Clone, Debug)]
pub struct CopiedSession {
    /// The session.
    pub session: NewSession,
    /// Those who have a part in it, in their order.
    pub speakers: Vec<Part>,
    /// What it is about, in other languages.
    pub texts: Vec<SessionText>,
}

impl Edit {
    /// Puts all of it into a conference, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference, [`StoreError::Taken`] when a hall is there.
    pub async fn copy_into(&mut self, conference: Id, copies: &Copies) -> Result<(), StoreError> {
        let (transaction, tenant) = (&mut self.transaction, self.tenant);
        for Venue { id, about, .. } in &copies.venues {
            let about: AboutVenue = about.clone();
            let venue = Venue { id: *id, tenant, conference, about, version: 1 };
            venues::insert(&mut *transaction, &venue).await?;
        }
        for hall in &copies.halls {
            halls::insert(&mut *transaction, tenant, &Hall { conference, ..hall.clone() }).await?;
        }
        for person in &copies.people {
            people::insert(&mut *transaction, tenant, conference, person).await?;
        }
        days::replace(&mut *transaction, tenant, conference, &copies.days).await?;
        for CopiedSession { session, speakers, texts } in &copies.sessions {
            let id = sessions::save(&mut *transaction, &NewSession { conference, ..session.clone() }).await?;
            for (position, part) in (0_i64..).zip(speakers) {
                people::place(&mut *transaction, tenant, &Part { session: id, ..part.clone() }, position)
                    .await?;
            }
            for text in texts {
                session_texts::save(&mut *transaction, tenant, id, text).await?;
            }
        }
        Ok(())
    }
}
