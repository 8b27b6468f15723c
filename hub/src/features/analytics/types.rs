//! What analytics give.

use plenum_domain::Id;
use plenum_domain::activity::{Counts, Deed, PEOPLE_MIN};
use plenum_persistence::store::{OfPoll, Sums};
use serde::Serialize;
use utoipa::ToSchema;

/// What people did.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Figures {
    /// How many people did any of this under their own name; votes, questions and support that are secret have none.
    #[schema(example = 214)]
    pub active: u64,
    /// Votes in polls; a changed vote counts again.
    #[schema(example = 812)]
    pub votes: u64,
    /// Questions.
    #[schema(example = 37)]
    pub questions: u64,
    /// Support for questions; taking it back changes nothing here.
    #[schema(example = 305)]
    pub supports: u64,
    /// Messages in chats.
    #[schema(example = 96)]
    pub messages: u64,
    /// Reactions on messages; those that fly over the screen are kept by nobody.
    #[schema(example = 143)]
    pub reactions: u64,
}

impl Figures {
    /// What so many people did.
    pub(super) const fn of(active: u64, counts: &Counts) -> Self {
        Self {
            active,
            votes: counts.of(Deed::Vote),
            questions: counts.of(Deed::Question),
            supports: counts.of(Deed::Support),
            messages: counts.of(Deed::Message),
            reactions: counts.of(Deed::Reaction),
        }
    }
}

/// A day, in the conference's time zone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayFigures {
    /// The date.
    #[schema(example = "2026-11-22")]
    pub date: String,
    /// How many people joined on it, or registered.
    #[schema(example = 180)]
    pub joined: u64,
    /// How many people came to the conference's own door for the first time.
    #[schema(example = 166)]
    pub arrived: u64,
    /// The most people who were in one session at once.
    #[schema(example = 143)]
    pub most_at_once: u64,
    /// What people did; null when they were fewer than `people_min`, then it is in `together`.
    pub figures: Option<Figures>,
}

/// A session among others.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionFigures {
    /// The session.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
    /// When the programme says that it starts.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub starts_at: String,
    /// How many people were let in at its door.
    #[schema(example = 88)]
    pub attended: u64,
    /// The most people who were in it at once.
    #[schema(example = 143)]
    pub most_at_once: u64,
    /// What people did in it.
    pub figures: Figures,
}

/// Days or sessions of too few people to be told by themselves.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct Together {
    /// How many days.
    #[schema(example = 1)]
    pub days: u64,
    /// How many sessions.
    #[schema(example = 2)]
    pub sessions: u64,
    /// Sessions of which enough could be told, beyond the hundred that are.
    #[schema(example = 0)]
    pub more_sessions: u64,
}

/// What people did at a conference.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConferenceAnalytics {
    /// The conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// The time zone that its days are in.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// From so many people on a day or a session is told by itself.
    #[schema(example = 5)]
    pub people_min: u64,
    /// How many people joined or registered.
    #[schema(example = 420)]
    pub participants: u64,
    /// How many people came to the conference's own door.
    #[schema(example = 391)]
    pub arrived: u64,
    /// The most people who were in one session at once.
    #[schema(example = 143)]
    pub most_at_once: u64,
    /// What people did, all in all.
    pub totals: Figures,
    /// How many polls there were.
    #[schema(example = 12)]
    pub polls: u64,
    /// How many ballots they got, each person's last one in each round.
    #[schema(example = 790)]
    pub ballots: u64,
    /// How many questions were answered.
    #[schema(example = 21)]
    pub answered: u64,
    /// By days, in their order.
    pub days: Vec<DayFigures>,
    /// By sessions, those in which most was done first; at most 100.
    pub sessions: Vec<SessionFigures>,
    /// What is left out of both.
    pub together: Together,
}

/// A poll among others.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PollFigures {
    /// The poll.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Shall we?")]
    pub title: String,
    /// Its kind.
    #[schema(example = "single")]
    pub kind: String,
    /// The ballots of all of its rounds, each person's last one.
    #[schema(example = 190)]
    pub ballots: u64,
    /// The ballots of its largest round.
    #[schema(example = 101)]
    pub voters: u64,
}

impl From<OfPoll> for PollFigures {
    fn from(poll: OfPoll) -> Self {
        Self {
            id: poll.id,
            title: poll.title,
            kind: poll.kind,
            ballots: poll.ballots.cast_unsigned(),
            voters: poll.voters.cast_unsigned(),
        }
    }
}

/// A quarter of an hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuarterFigures {
    /// When it begins.
    #[schema(example = "2026-11-22T09:15:00.000Z")]
    pub from: String,
    /// Everything that was done in it.
    #[schema(example = 64)]
    pub deeds: u64,
    /// The most people who were in it at once.
    #[schema(example = 143)]
    pub most_at_once: u64,
}

/// What people did in a session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionAnalytics {
    /// The session.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Id,
    /// Its conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
    /// The time zone of its conference.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// From so many people on quarter hours are told.
    #[schema(example = 5)]
    pub people_min: u64,
    /// How many people were let in at its door.
    #[schema(example = 88)]
    pub attended: u64,
    /// The most people who were in it at once.
    #[schema(example = 143)]
    pub most_at_once: u64,
    /// What people did.
    pub totals: Figures,
    /// Its polls.
    pub polls: Vec<PollFigures>,
    /// When it was done; none when fewer people did anything than `people_min`. What is secret is told at the time of what
    /// was last done openly before it: a secret vote when its poll opened.
    pub quarters: Vec<QuarterFigures>,
}

/// What a conference's numbers were, and are since they were counted anew.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RecountedOut {
    /// Whether they were right.
    #[schema(example = true)]
    pub same: bool,
    /// Before. `active` counts a person once for each session and quarter of an hour.
    pub before: Figures,
    /// Now.
    pub after: Figures,
}

pub(super) fn sums(sums: &Sums) -> Figures {
    let mut counts = Counts::default();
    for (deed, times) in &sums.deeds {
        if let Ok(deed) = deed.parse() {
            counts.add(deed, times.cast_unsigned());
        }
    }
    Figures::of(sums.people.cast_unsigned(), &counts)
}

/// From so many people on.
pub(super) const fn is_enough(people: u64) -> bool {
    people >= PEOPLE_MIN
}
