//! frab's XML.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::names::{acronym, duration, guid, moment, slug, time_of_day};
use super::{Written, WrittenDay, WrittenSession};

/// The programme as frab's XML.
pub fn frab_xml(written: &Written) -> String {
    let mut out = Xml::default();
    out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let days = written.by_day();
    out.within("schedule", &[], |out| {
        // The schema takes nothing in it, not even a new line.
        out.element("generator", &[("name", "Plenum"), ("version", env!("CARGO_PKG_VERSION"))], "");
        out.text("version", &written.version);
        out.within("conference", &[], |out| {
            out.text("acronym", &acronym(&written.acronym));
            out.text("title", &written.title);
            out.text("start", &written.starts_on);
            out.text("end", &written.ends_on);
            out.text("days", &days.len().to_string());
            out.text("timeslot_duration", "00:05");
            out.text("time_zone_name", &written.time_zone);
        });
        let zone = written.zone();
        for (index, (day, sessions)) in (1..).zip(&days) {
            write_day(out, written, &zone, (index, day), sessions);
        }
    });
    out.0
}

fn write_day(
    out: &mut Xml,
    written: &Written,
    zone: &TimeZone,
    (index, day): (usize, &WrittenDay),
    sessions: &[(usize, &WrittenSession)],
) {
    let (index, starts, ends) = (index.to_string(), moment(zone, day.starts), moment(zone, day.ends));
    let about = [("index", index.as_str()), ("date", &day.date), ("start", &starts), ("end", &ends)];
    out.within("day", &about, |out| {
        for (name, hall, sessions) in written.by_hall(sessions) {
            let id = hall.map(|hall| guid(hall.id, hall.guid.as_deref()));
            let about: Vec<(&str, &str)> = [("name", Some(name)), ("guid", id.as_deref())]
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
                .collect();
            out.within("room", &about, |out| {
                for (number, session) in sessions {
                    write_session(out, written, zone, number, session);
                }
            });
        }
    });
}

fn write_session(out: &mut Xml, written: &Written, zone: &TimeZone, number: usize, session: &WrittenSession) {
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    let (id, number) = (guid(session.id, session.guid.as_deref()), number.to_string());
    out.within("event", &[("guid", &id), ("id", &number)], |out| {
        out.text("date", &moment(zone, session.starts));
        out.text("start", &time_of_day(zone, session.starts));
        out.text("duration", &duration(session));
        out.text("room", &maybe(&session.hall));
        out.text("slug", &slug(written, session));
        out.text("url", &session.url);
        out.text("title", &session.title);
        out.text("subtitle", &session.subtitle);
        out.text("language", &maybe(&session.language));
        out.text("track", &maybe(&session.track));
        out.text("type", &maybe(&session.kind));
        out.text("abstract", &session.summary);
        out.text("description", &session.description);
        out.within("recording", &[], |out| {
            out.text("license", "");
            out.text("optout", if session.do_not_record { "true" } else { "false" });
        });
        out.within("persons", &[], |out| {
            for person in &session.speakers {
                let id = guid(person.id, None);
                out.element("person", &[("guid", &id)], &person.name);
            }
        });
        out.within("links", &[], |_| {});
    });
}

/// XML as it is written, escaped.
#[derive(Default)]
struct Xml(String);

impl Xml {
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.0, " {key}=\"{}\"", escaped(value).replace('\n', "&#10;"));
        }
        self.raw(">");
    }

    fn within(&mut self, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        self.raw("\n");
        inner(self);
        let _ = writeln!(self.0, "</{name}>");
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        let _ = writeln!(self.0, "{}</{name}>", escaped(text));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.element(name, &[], text);
    }
}

/// Without what XML 1.0 has no place for (section 2.2, `Char`).
fn escaped(text: &str) -> String {
    let fits =
        |c: &char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    let plain: String = text.chars().filter(fits).collect();
    quick_xml::escape::escape(plain).into_owned()
}
