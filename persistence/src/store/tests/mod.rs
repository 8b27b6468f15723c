mod accounts;
mod apart;
mod conferences;
mod copy;
mod edits;
mod letters;
mod opening;
mod people;
mod plans;
mod programme;
mod requests;
mod screens;
mod searching;
mod statements;
mod twin;

use plenum_domain::{Id, Role, Roles, Timestamp};

use super::{Edit, NewConference, NewSession, NewTenant, NewUser, SessionDetails, Store};
pub(crate) use twin::{Database, Fixture, Twin, on_both};

pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_763_800_000_000);

pub(crate) fn id(n: u128) -> Id {
    Id::from_bits(n)
}

/// A store with the tenants 1 and 2; tenant 1 has the user 10 and the conference 20.
pub(crate) async fn furnished(twin: &Twin) -> Fixture {
    let fixture = twin.empty().await;
    for (n, slug) in [(1, "acme"), (2, "other")] {
        let new = NewTenant { id: id(n), slug: slug.into(), name: slug.to_uppercase(), created: NOW };
        fixture.store.create_tenant(&new).await.unwrap();
    }
    fixture.store.create_user(&user(10)).await.unwrap();
    edited(&fixture.store, async |edit| edit.create_conference(&conference(20)).await).await.unwrap();
    fixture
}

/// An edit of tenant 1 whose entry in the audit log nobody asks for.
pub(crate) async fn edited<T>(store: &Store, change: impl AsyncFnOnce(&mut Edit) -> T) -> T {
    let mut edit = store.edit(id(1)).await.unwrap();
    let done = change(&mut edit).await;
    edit.commit_unchanged().await.unwrap();
    done
}

pub(crate) fn user(n: u128) -> NewUser {
    NewUser {
        id: id(n),
        tenant: id(1),
        email: format!("Person{n}@Example.org"),
        name: format!("Person {n}"),
        password_hash: Some("$argon2id$…".into()),
        roles: Roles::of(&[Role::Organiser, Role::Moderator]),
        created: NOW,
    }
}

pub(crate) fn conference(n: u128) -> NewConference {
    NewConference {
        id: id(n),
        tenant: id(1),
        title: format!("Conference {n}"),
        slug: format!("conference-{n}"),
        acronym: None,
        time_zone: "Europe/Berlin".into(),
        starts_on: format!("2026-01-{n:02}"),
        ends_on: "2026-12-31".into(),
        status: "draft".into(),
        join_code: format!("CODE{n}"),
        created: NOW,
    }
}

pub(crate) fn session(n: u128) -> NewSession {
    let details = SessionDetails {
        track: Some("Main".into()),
        do_not_record: true,
        published: true,
        ..SessionDetails::default()
    };
    NewSession {
        id: id(n),
        tenant: id(1),
        conference: id(20),
        guid: None,
        title: format!("Session {n}"),
        starts: NOW.plus_ms(n as i64 * 3_600_000),
        ends: NOW.plus_ms(n as i64 * 3_600_000 + 1_800_000),
        offset_s: 3_600,
        hall: None,
        details,
        created: NOW,
    }
}
