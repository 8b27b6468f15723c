use plenum_domain::registration::{Notice, Status};
use plenum_domain::{Id, Role, Roles};
use serde_json::json;

use super::{NOW, Twin, edited, furnished, id, on_both};
use crate::store::{
    By, LetterEnd, NewParticipant, NewRegistration, Note, RegistrationForm, RegistrationLetter, Store,
};

on_both!(
    each_change_is_written_once,
    who_has_no_address_or_is_in_a_conference_without_letters_is_not_written_to,
    a_letter_is_taken_by_one_and_ends_once,
    a_letter_whose_hub_ended_is_given_up,
    a_list_is_written_to_when_it_is_asked_for_and_only_who_is_new,
);

fn person(n: u128, email: Option<&str>) -> NewRegistration {
    let person = NewParticipant {
        id: id(n),
        tenant: id(1),
        conference: id(20),
        display_name: format!("Person {n}"),
        email: email.map(str::to_owned),
        roles: Roles::of(&[Role::Attendee]),
        joined: NOW.plus_ms(i64::try_from(n).expect("small")),
    };
    let language = Some("tr".to_owned());
    NewRegistration { person, answers: json!({}), consents: json!({}), approval: false, language }
}

fn form(capacity: Option<i64>, letters: bool, version: i64) -> RegistrationForm {
    RegistrationForm {
        conference: id(20),
        open: true,
        opens: None,
        closes: None,
        capacity,
        approval: false,
        fields: json!([]),
        consents: json!([]),
        letters,
        version,
    }
}

async fn asked(store: &Store, whom: Id, notice: Notice) -> bool {
    edited(store, async |edit| edit.ask_letter(whom, notice, NOW).await).await.unwrap()
}

fn note(n: u128) -> Note {
    Note {
        id: id(n),
        tenant: id(1),
        at: NOW,
        actor: None,
        actor_name: String::new(),
        action: "registration.moved",
        subject_is: "participant",
        subject: id(n),
        details: json!({}),
    }
}

async fn moved(store: &Store, whom: Id, to: Status, by: By, n: u128) {
    let was = store.participant(id(1), whom).await.unwrap().unwrap();
    store.move_registration(&was, to, by, &note(n)).await.unwrap().unwrap();
}

async fn notices(store: &Store, whom: Id) -> Vec<String> {
    let mut all = store.letters_of(id(1), whom).await.unwrap();
    all.sort_by_key(|letter| letter.version);
    all.into_iter().map(|letter| letter.notice).collect()
}

async fn taken(store: &Store) -> Vec<RegistrationLetter> {
    store.take_letters(NOW.plus_ms(1_000), NOW.plus_ms(9_000), 50).await.unwrap()
}

async fn each_change_is_written_once(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    assert!(store.save_registration_form(&form(Some(1), true, 0), &note(900)).await.unwrap());
    store.register(&person(50, Some("a@x.org")), None).await.unwrap();
    store.register(&person(51, Some("b@x.org")), None).await.unwrap();
    store.register(&person(52, Some("c@x.org")), None).await.unwrap();
    assert!(
        store.register(&person(53, Some("a@x.org")), None).await.is_err(),
        "who is registered is not written again"
    );
    moved(store, id(50), Status::Cancelled, By::Themselves, 901).await;
    assert_eq!(notices(store, id(50)).await, ["confirmed"], "they know what they did");
    assert_eq!(notices(store, id(51)).await, ["waiting", "moved_up"]);
    assert!(store.save_registration_form(&form(Some(2), true, 1), &note(902)).await.unwrap());
    assert_eq!(notices(store, id(52)).await, ["waiting", "moved_up"], "more places");
    moved(store, id(50), Status::Confirmed, By::Others, 903).await;
    assert_eq!(notices(store, id(50)).await, ["confirmed", "waiting"], "there was no place");
    moved(store, id(51), Status::Cancelled, By::Others, 904).await;
    assert_eq!(notices(store, id(51)).await, ["waiting", "moved_up", "cancelled"]);
    assert_eq!(notices(store, id(50)).await, ["confirmed", "waiting", "moved_up"]);
    let language = store.participant(id(1), id(50)).await.unwrap().unwrap().language;
    assert_eq!(language.as_deref(), Some("tr"));
    assert_eq!(store.letters_of(id(2), id(50)).await.unwrap(), [], "nobody else's");
}

async fn who_has_no_address_or_is_in_a_conference_without_letters_is_not_written_to(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.register(&person(50, None), None).await.unwrap();
    assert_eq!(notices(store, id(50)).await, [""; 0]);
    assert!(!asked(store, id(50), Notice::Confirmed).await);
    let version = store.registration_form(id(1), id(20)).await.unwrap().map_or(0, |form| form.version);
    assert!(store.save_registration_form(&form(None, false, version), &note(900)).await.unwrap());
    store.register(&person(51, Some("b@x.org")), None).await.unwrap();
    moved(store, id(51), Status::Cancelled, By::Others, 901).await;
    assert_eq!(notices(store, id(51)).await, [""; 0]);
    assert!(asked(store, id(51), Notice::Cancelled).await, "unless one asks for it");
}

async fn a_letter_is_taken_by_one_and_ends_once(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.register(&person(50, Some("a@x.org")), None).await.unwrap();
    let (one, other) = tokio::join!(taken(store), taken(store));
    let both = [one, other].concat();
    assert_eq!((both.len(), both[0].tries, &*both[0].notice), (1, 1, "confirmed"));
    assert!(!asked(store, id(50), Notice::Confirmed).await, "it is under way");
    let later = NOW.plus_ms(60_000);
    let again = LetterEnd::Again("no server".into(), later);
    store.letter_ended(&both[0], &again, NOW).await.unwrap();
    assert_eq!(taken(store).await, [], "its time has not come");
    let second = store.take_letters(later, later.plus_ms(9_000), 50).await.unwrap();
    assert_eq!(second[0].tries, 2);
    store.letter_ended(&second[0], &LetterEnd::Sent, later).await.unwrap();
    store.letter_ended(&second[0], &LetterEnd::Failed("late".into()), later).await.unwrap();
    let shown = store.letters_of(id(1), id(50)).await.unwrap();
    assert_eq!((&*shown[0].state, shown[0].ended, &shown[0].reason), ("sent", Some(later), &None));
    assert!(asked(store, id(50), Notice::Confirmed).await, "it can be sent again");
    assert_eq!(taken(store).await.len(), 1);
}

async fn a_letter_whose_hub_ended_is_given_up(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.register(&person(50, Some("a@x.org")), None).await.unwrap();
    assert_eq!(taken(store).await.len(), 1);
    assert_eq!(store.give_up_letters(NOW.plus_ms(8_999), "ended").await.unwrap(), 0);
    assert_eq!(store.give_up_letters(NOW.plus_ms(9_000), "ended").await.unwrap(), 1);
    let shown = store.letters_of(id(1), id(50)).await.unwrap();
    assert_eq!((&*shown[0].state, shown[0].reason.as_deref()), ("failed", Some("ended")));
}

async fn a_list_is_written_to_when_it_is_asked_for_and_only_who_is_new(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let (first, second) = (person(50, Some("a@x.org")).person, person(51, Some("b@x.org")).person);
    let listed = |new: &NewParticipant| (new.clone(), json!({}));
    let known = [listed(&first)];
    edited(store, async |edit| edit.bring(&known, None).await).await.unwrap();
    let all = [listed(&first), listed(&second), listed(&second)];
    for _ in 0..2 {
        edited(store, async |edit| edit.bring(&all, Some(Notice::Confirmed)).await).await.unwrap();
    }
    assert_eq!(notices(store, id(50)).await, [""; 0]);
    assert_eq!(notices(store, id(51)).await, ["confirmed"]);
}
