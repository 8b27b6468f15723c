//! Screens: which session each follows.

use plenum_domain::Id;
use plenum_rooms::engine::Numbered;
use plenum_rooms::kinds::screen::Screen;
use plenum_rooms::kinds::screen::wire::Fact;

use crate::projector::folded::{Place, Project, Secrecy};
use crate::projector::rows::{Rows, SceneRow, Trace};

impl Project for Screen {
    fn at_once(&self, place: &Place, by: Id, facts: &[Numbered<Fact>], rows: &mut Rows) {
        rows.scenes.extend(facts.iter().map(|one| scene(place, by, one)));
    }

    fn secrecy(&self) -> Secrecy<Fact> {
        Box::new(|_| false)
    }
}

fn scene(place: &Place, by: Id, one: &Numbered<Fact>) -> SceneRow {
    let Fact::Shown(scene) = one.fact;
    SceneRow {
        tenant: place.scope.tenant,
        screen: place.room.id,
        session: scene.session,
        trace: Trace::of(place.room.id, one.seq, by, one.at),
    }
}
