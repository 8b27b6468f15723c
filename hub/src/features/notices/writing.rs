//! A letter as it is at the moment at which it goes.

use plenum_domain::conference::export::{WholeDays, whole_days};
use plenum_domain::registration::{Notice, Status};
use plenum_persistence::store::{Conference, Participant, RegistrationLetter, StoreError};
use plenum_push::{Enclosed, Letter};

use super::picture;
use crate::app::App;
use crate::auth::{Bearer, Paper};
use crate::features::letters::{self, Address, Language};
use crate::tenants::Standing;

/// Why a letter cannot be written now.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotNow {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the organisation is closed")]
    Closed,
}

/// The letter; none when it is not true any more, or there is nobody to write to.
pub(super) async fn written(app: &App, due: &RegistrationLetter) -> Result<Option<Letter>, NotNow> {
    let (Ok(notice), Some(person), Some(conference)) = (
        due.notice.parse::<Notice>(),
        app.store.participant(due.tenant, due.participant).await?,
        app.store.conference(due.tenant, due.conference).await?,
    ) else {
        return Ok(None);
    };
    if person.email.is_none() || person.status != notice.status().name() {
        return Ok(None);
    }
    let standing = app.tenants.of(due.tenant).await?.ok_or(NotNow::Closed)?;
    standing.is_open().map_err(|_| NotNow::Closed)?;
    Ok(Some(letter(app, notice, &person, &conference, &standing)))
}

fn letter(
    app: &App,
    notice: Notice,
    person: &Participant,
    conference: &Conference,
    standing: &Standing,
) -> Letter {
    let bearer = Bearer { conference: conference.id, participant: person.id };
    let paper = |paper| app.auth.paper(person.tenant, paper, bearer);
    // After the #, so that it stands in no log on the way.
    let page = format!("{}/register/{}", app.public_url(), conference.join_code);
    let link = format!("{page}#{}", paper(Paper::Receipt));
    let about = letters::About {
        title: &conference.title,
        zone: &conference.time_zone,
        days: (&conference.starts_on, &conference.ends_on),
        link: &link,
    };
    let to = Address {
        name: &person.display_name,
        email: person.email.as_deref().unwrap_or_default(),
        tenant: standing
            .setup
            .branding
            .as_ref()
            .and_then(|look| look.name.as_deref())
            .unwrap_or(&standing.state.name),
        language: Language::of_reader(person.language.as_deref(), standing),
    };
    let mut letter = letters::notice(to, notice, &about);
    letter.answer_to.clone_from(&standing.setup.profile.contact_email);
    if notice.status() == Status::Confirmed {
        letter.enclosed = enclosed(app, &paper(Paper::Ticket), conference, &page);
    }
    letter
}

/// The ticket's code, and the conference for a calendar.
fn enclosed(app: &App, ticket: &str, conference: &Conference, page: &str) -> Vec<Enclosed> {
    let code = picture::qr(ticket);
    let code = code.map(|bytes| Enclosed { name: "ticket.png".to_owned(), media_type: "image/png", bytes });
    let days = whole_days(&WholeDays {
        id: conference.id,
        title: &conference.title,
        starts_on: &conference.starts_on,
        ends_on: &conference.ends_on,
        url: page,
        now: app.clock.now(),
    });
    let name = "conference.ics".to_owned();
    let days =
        days.map(|text| Enclosed { name, media_type: "text/calendar; charset=utf-8", bytes: text.into() });
    code.into_iter().chain(days).collect()
}
