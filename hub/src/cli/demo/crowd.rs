//! The made-up people come in, one after the other.

use std::sync::Arc;

use plenum_domain::{Role, Roles};
use plenum_persistence::store::NewParticipant;
use plenum_rooms::engine::Actor;
use plenum_rooms::engine::sample::Dice;

use super::super::Failure;
use super::lines::NAMES;
use super::person::Person;
use super::setting::Setting;
use super::stage;
use crate::app::App;

/// Lets `count` people in, and lets each of them live in a task of its own until the process ends.
pub(super) async fn let_in(app: &App, setting: &Arc<Setting>, count: u32, seed: u64) -> Result<(), Failure> {
    let seen = stage::watch(app, setting);
    for nth in 0..count {
        let actor = Arc::new(participant(app, setting, nth).await?);
        let attends = app.shards.attend(Arc::clone(&actor), setting.rooms().session, nth).await;
        attends.map_err(|refusal| Failure(refusal.message))?;
        let dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(nth)));
        let person = Person::new(app.clone(), Arc::clone(setting), actor, dice, seen.clone());
        tokio::spawn(person.live());
    }
    Ok(())
}

async fn participant(app: &App, setting: &Setting, nth: u32) -> Result<Actor, Failure> {
    let name = NAMES[nth as usize % NAMES.len()];
    let round = nth as usize / NAMES.len();
    let display_name = if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) };
    // The same people come back when the demo is started again.
    let (id, roles) = (setting.conference.id.nth(u64::from(nth)), Roles::of(&[Role::Attendee]));
    let new = NewParticipant {
        id,
        tenant: setting.conference.tenant,
        conference: setting.conference.id,
        display_name: display_name.clone(),
        email: None,
        roles,
        joined: app.clock.now(),
    };
    app.store.create_participant(&new).await?;
    Ok(Actor { participant: id, name: display_name, roles })
}
