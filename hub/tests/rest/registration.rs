//! Registering, the waiting list, tickets and the door.

use serde_json::{Value, json};

use crate::hub::{Hub, Reply, text};

struct Desk {
    hub: Hub,
    owner: String,
    conference: Value,
    path: String,
}

fn desk(form: &Value) -> Desk {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}", text(&conference["id"]));
    let saved = hub.call("PUT", &format!("{path}/registration"), &owner, Some(form));
    assert_eq!(saved.status, 200, "{}", saved.text);
    Desk { hub, owner, conference, path }
}

impl Desk {
    fn register(&self, name: &str, more: Value) -> Reply {
        let mut body = json!({"code": self.conference["join_code"], "name": name,
            "email": format!("{name}@x.example")});
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        self.hub.post("/registration", "", &body)
    }

    fn standing(&self, receipt: &Value) -> Value {
        self.hub.post("/registration/status", "", &json!({"receipt": receipt})).data()
    }

    fn set_status(&self, of: &Value, status: &str) -> Reply {
        let path = format!("/participants/{}/status", text(&of["participant_id"]));
        self.hub.call("PATCH", &path, &self.owner, Some(&json!({"status": status})))
    }

    fn scan(&self, body: &Value) -> Reply {
        self.hub.post(&format!("{}/check-ins", self.path), &self.owner, body)
    }
}

#[test]
fn a_form_asks_and_each_wrong_answer_is_named() {
    let desk = desk(&json!({"open": true,
        "fields": [{"id": "meal", "label": "Meal", "kind": "choice", "required": true, "options": ["a", "b"]},
            {"id": "from", "label": "From", "kind": "country"}],
        "consents": [{"id": "rules", "label": "Rules", "required": true}]}));
    let form =
        desk.hub.get(&format!("/registration?code={}", text(&desk.conference["join_code"])), "").data();
    assert_eq!((&form["open"], &form["fields"][0]["options"]), (&json!(true), &json!(["a", "b"])));
    let wrong = desk.register("noor", json!({"answers": {"meal": "c", "x": 1}}));
    let named = wrong.json()["error"]["details"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(named, ["answers.meal", "answers.x", "consents.rules"]);
    let good = json!({"answers": {"meal": "a", "from": "de"}, "consents": ["rules"]});
    let registered = desk.register("noor", good.clone()).data();
    assert_eq!(registered["status"], "confirmed");
    assert_eq!(desk.register("noor", good).code(), "TAKEN", "one registers once");
    let path = format!("/participants/{}", text(&registered["participant_id"]));
    let seen = desk.hub.get(&path, &desk.owner).data();
    assert_eq!((&seen["answers"]["from"], seen["consents"]["rules"].is_string()), (&json!("DE"), true));
    let shut = desk.hub.call(
        "PUT",
        &format!("{}/registration", desk.path),
        &desk.owner,
        Some(&json!({"open": false})),
    );
    assert_eq!(shut.status, 200);
    assert_eq!(desk.register("sam", json!({})).code(), "REGISTRATION_CLOSED");
}

#[test]
fn a_form_is_read_in_several_languages_and_answered_in_none() {
    let field = json!({"id": "meal", "label": "Meal", "help": "For the kitchen", "kind": "choice", "options": ["a", "b"],
        "texts": {"ar": {"label": "الطعام", "options": {"a": "أ"}}}});
    let consent = json!({"id": "rules", "label": "Rules", "texts": {"ar": {"label": "القواعد"}}});
    let form = json!({"open": true, "fields": [field], "consents": [consent]});
    let desk = desk(&json!({"open": false}));
    let save =
        |form: &Value| desk.hub.call("PUT", &format!("{}/registration", desk.path), &desk.owner, Some(form));
    let wrong = save(&form).json()["error"]["details"].clone();
    assert!(text(&wrong["fields[0].texts.ar"][0]).contains("add it"), "{wrong}");
    assert!(wrong["consents[0].texts.ar"][0].is_string(), "{wrong}");
    let languages = json!({"languages": ["en", "ar"]});
    assert_eq!(desk.hub.call("PATCH", &desk.path, &desk.owner, Some(&languages)).status, 200);
    let saved = save(&form);
    assert_eq!(saved.data()["fields"][0]["texts"]["ar"]["options"], json!({"a": "أ"}), "{}", saved.text);
    let read = |language: &str| {
        let path = format!("/registration?code={}&language={language}", text(&desk.conference["join_code"]));
        desk.hub.get(&path, "").data()
    };
    let (arabic, french) = (read("ar-EG"), read("fr"));
    let field = &arabic["fields"][0];
    assert_eq!((&field["label"], &field["language"]), (&json!("الطعام"), &json!("ar")));
    assert_eq!((&field["options"], &field["option_labels"]), (&json!(["a", "b"]), &json!(["أ", "b"])));
    assert_eq!(
        (&field["help"], &arabic["consents"][0]["label"]),
        (&json!("For the kitchen"), &json!("القواعد"))
    );
    assert_eq!(
        (&french["fields"][0]["label"], &french["fields"][0]["language"]),
        (&json!("Meal"), &Value::Null)
    );
    let noor = desk.register("noor", json!({"answers": {"meal": "a"}, "language": "ar"})).data();
    assert_eq!(noor["status"], "confirmed");
    let file = desk.hub.get(&format!("{}/participants.csv", desk.path), &desk.owner).text;
    assert!(
        file.starts_with("name,email,status,roles,joined_at,arrived_at,answers.meal,consents.rules\r\n"),
        "{file}"
    );
    assert!(file.lines().nth(1).is_some_and(|line| line.ends_with(",a,")), "{file}");
    let refused = desk.register("sam", json!({"language": "nowhere"})).json();
    assert!(refused["error"]["details"]["language"][0].is_string(), "{refused}");
}

#[test]
fn who_comes_late_waits_and_moves_up_when_someone_calls_off() {
    let desk = desk(&json!({"open": true, "capacity": 1}));
    let (first, second) = (desk.register("a", json!({})).data(), desk.register("b", json!({})).data());
    assert_eq!((&first["status"], &second["status"]), (&json!("confirmed"), &json!("waiting")));
    assert_eq!(second["ticket"], Value::Null);
    let off = desk.hub.post("/registration/cancel", "", &json!({"receipt": first["receipt"]})).data();
    assert_eq!((&off["status"], &off["ticket"]), (&json!("cancelled"), &Value::Null));
    let now = desk.standing(&second["receipt"]);
    assert_eq!((&now["status"], now["ticket"].is_string()), (&json!("confirmed"), true));
    let enter = |ticket: &Value| desk.hub.post("/auth/ticket", "", &json!({"ticket": ticket}));
    assert_eq!(enter(&first["ticket"]).code(), "NOT_CONFIRMED");
    let entered = enter(&now["ticket"]).data();
    assert_eq!(entered["participant"]["id"], second["participant_id"]);
    assert_eq!(enter(&json!(text(&now["ticket"]).replace("PLT1.A", "PLT1.B"))).status, 404);
    let token = text(&entered["access_token"]);
    let path = format!("/participants/{}", text(&second["participant_id"]));
    assert_eq!(desk.hub.get(&path, &token).data()["status"], "confirmed", "one sees oneself");
    assert_eq!(
        desk.hub.get(&format!("/participants/{}", text(&first["participant_id"])), &token).status,
        403
    );
    assert_eq!(desk.set_status(&first, "confirmed").data()["status"], "waiting", "there is no place");
    assert_eq!(desk.set_status(&second, "rejected").code(), "INVALID_TRANSITION");
    assert_eq!(desk.set_status(&second, "cancelled").data()["status"], "cancelled");
    assert_eq!(desk.hub.get(&path, &token).status, 401, "who is called off is signed out");
    assert_eq!(desk.standing(&first["receipt"])["status"], "confirmed");
}

#[test]
fn what_has_to_be_approved_waits_for_the_desk() {
    let desk = desk(&json!({"open": true, "approval": true}));
    let asked = desk.register("noor", json!({})).data();
    assert_eq!(asked["status"], "pending");
    assert_eq!(desk.scan(&json!({"participant_id": asked["participant_id"]})).code(), "NOT_CONFIRMED");
    assert_eq!(desk.set_status(&asked, "confirmed").data()["status"], "confirmed");
    let listed =
        desk.hub.get(&format!("{}/participants?status=confirmed&search=noor", desk.path), &desk.owner);
    assert_eq!(listed.data()[0]["id"], asked["participant_id"]);
    let audit = desk.hub.get("/audit?action=registration.moved", &desk.owner).data();
    assert_eq!(audit[0]["details"]["after"], "confirmed");
}

#[test]
fn a_list_is_brought_line_by_line() {
    let desk = desk(&json!({"open": false}));
    let body = json!({"csv": "name,email\nNoor,noor@x.example\nSam,nobody\n\"Ada, B\",ada@x.example\n"});
    let path = format!("{}/participants/import", desk.path);
    let done = desk.hub.post(&path, &desk.owner, &body).data();
    assert_eq!((&done["people"], &done["wrong"][0]["line"]), (&json!(2), &json!(3)));
    assert!(text(&done["wrong"][0]["reason"]).contains("email"), "{done}");
    desk.hub.post(&path, &desk.owner, &body).data();
    let count = desk.hub.get(&format!("{}/participants/count", desk.path), &desk.owner).data();
    assert_eq!(count["participants"], 2, "the same list again changes nothing");
    assert_eq!(desk.hub.post(&path, &desk.owner, &json!({"csv": "x"})).status, 422);
}

#[test]
fn answers_come_and_go_with_a_list() {
    let desk = desk(&json!({"open": true, "approval": true, "fields":
        [{"id": "days", "label": "Days", "kind": "choices", "required": true, "options": ["Mon", "Tue"]}]}));
    let body = json!({"csv": "name,email,Days\nNoor,noor@x.example,Mon|Tue\nSam,sam@x.example,Wed\n'=Ada,ada@x.example,\n"});
    let path = format!("{}/participants/import", desk.path);
    let done = desk.hub.post(&path, &desk.owner, &body).data();
    assert_eq!((&done["people"], &done["wrong"][0]["line"]), (&json!(2), &json!(3)));
    assert!(text(&done["wrong"][0]["reason"]).contains("answers.days"), "{done}");
    let file = desk.hub.get(&format!("{}/participants.csv", desk.path), &desk.owner);
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "name,email,status,roles,joined_at,arrived_at,answers.days");
    assert!(lines[1].starts_with("'=Ada,ada@x.example,confirmed,attendee,"), "{}", file.text);
    assert!(lines[2].starts_with("Noor,noor@x.example,") && lines[2].ends_with(",Mon|Tue"), "{}", file.text);
    let again = desk.hub.post(&path, &desk.owner, &json!({"csv": file.text})).data();
    assert_eq!(
        (&again["people"], &again["wrong"]),
        (&json!(2), &json!([])),
        "what is exported can be brought"
    );
    let form = format!("/registration?code={}", text(&desk.conference["join_code"]));
    let form = desk.hub.get(&form, "").data();
    assert_eq!((&form["approval"], &form["full"]), (&json!(true), &json!(false)));
}

#[test]
fn a_door_knows_who_may_come_and_who_is_in() {
    let desk = desk(&json!({"open": true, "capacity": 1}));
    let noor = desk.register("noor", json!({})).data();
    desk.register("sam", json!({}));
    let form = format!("/registration?code={}", text(&desk.conference["join_code"]));
    assert_eq!(desk.hub.get(&form, "").data()["full"], true, "it is said before one registers");
    desk.scan(&json!({"ticket": noor["ticket"], "at": "2026-11-22T09:10:00Z"})).data();
    let expected = |query: &str| {
        let path = format!("{}/check-ins/expected{query}", desk.path);
        let mut all = desk.hub.get(&path, &desk.owner).data().as_array().unwrap().clone();
        all.sort_by_key(|one| text(&one["name"]));
        all
    };
    let at_door = expected("");
    assert_eq!(
        (&at_door[0]["name"], &at_door[0]["in_at"]),
        (&json!("noor"), &json!("2026-11-22T09:10:00.000Z"))
    );
    assert_eq!((&at_door[1]["status"], &at_door[1]["in_at"]), (&json!("waiting"), &Value::Null));
    let session = desk.hub.get(&format!("{}/sessions", desk.path), &desk.owner).data();
    assert_eq!(
        expected(&format!("?session_id={}", text(&session[0]["id"])))[0]["in_at"],
        Value::Null,
        "another door"
    );
    assert_eq!(expected(&format!("?cursor={}", text(&at_door[1]["id"]))).len(), 0);
    assert!(at_door[0].get("email").is_none(), "a door needs no addresses");
}

#[test]
fn the_earliest_scan_counts_whichever_device_tells_it_first() {
    let desk = desk(&json!({"open": true}));
    let noor = desk.register("noor", json!({})).data();
    let now = desk
        .scan(&json!({"ticket": noor["ticket"], "device": "Door 1", "at": "2026-11-22T09:10:00Z"}))
        .data();
    assert_eq!((&now["outcome"], &now["name"]), (&json!("admitted"), &json!("noor")));
    let id = "0198f3a0-5c1e-7000-8000-00000000000a";
    let told = |at: &str| {
        let scan = json!({"id": id, "ticket": noor["ticket"], "device": "Door 2", "at": at});
        let junk = json!({"ticket": "https://x.example"});
        let body = json!({"scans": [scan, junk]});
        desk.hub.post(&format!("{}/check-ins/sync", desk.path), &desk.owner, &body).data()
    };
    let earlier = told("2026-11-22T09:05:00Z");
    assert_eq!((&earlier[0]["outcome"], &earlier[1]["outcome"]), (&json!("admitted"), &json!("refused")));
    assert_eq!(earlier[1]["reason"], "VALIDATION_FAILED");
    assert_eq!(told("2026-11-22T09:05:00Z")[0]["outcome"], "admitted", "told again it is the same scan");
    let list = |query: &str| desk.hub.get(&format!("{}/check-ins?{query}", desk.path), &desk.owner).data();
    assert_eq!(list("").as_array().map(Vec::len), Some(2));
    assert_eq!(list("counts=false")[0]["device"], "Door 1", "both devices and times are kept");
    let again = desk.scan(&json!({"ticket": noor["ticket"], "device": "Door 3"})).data();
    assert_eq!((&again["outcome"], &again["first"]["device"]), (&json!("already"), &json!("Door 2")));
    let path = format!("/participants/{}", text(&noor["participant_id"]));
    assert_eq!(desk.hub.get(&path, &desk.owner).data()["arrived_at"], "2026-11-22T09:05:00.000Z");
    let key = desk.hub.get(&format!("{}/check-ins/key", desk.path), &desk.owner).data();
    assert_eq!((&key["crv"], text(&key["x"]).len()), (&json!("P-256"), 43));
    let svg = desk.hub.get(&format!("{path}/ticket"), &desk.owner).data();
    assert!(text(&svg["svg"]).contains("<svg"), "{svg}");
}

#[test]
fn badges_are_printed_for_those_who_have_a_place() {
    let desk = desk(&json!({"open": true, "capacity": 2}));
    let badges = |query: &str| desk.hub.get(&format!("{}/badges.pdf{query}", desk.path), &desk.owner);
    assert_eq!(badges("").status, 404, "there is nobody yet");
    let people = ["noor", "sam", "ada"].map(|name| desk.register(name, json!({})).data());
    let all = badges("?language=ar");
    assert_eq!((all.status, all.header("content-type")), (200, "application/pdf"));
    assert!(all.text.starts_with("%PDF-"));
    let of = |person: &Value| badges(&format!("?participants={}", text(&person["participant_id"])));
    assert_eq!(of(&people[0]).status, 200);
    assert_eq!(of(&people[2]).code(), "NOT_CONFIRMED", "who waits has no ticket");
    assert_eq!((badges("?page=2").status, badges("?participants=x").status), (404, 422));
}

#[test]
fn whose_name_no_font_can_draw_is_told_and_the_others_are_printed() {
    let hub = Hub::start_with(&[("PLENUM__BADGES__FONTS_FOLDER", "./nowhere")]);
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}", text(&conference["id"]));
    for name in ["Noor", "王小明"] {
        let person = hub.post(&format!("{path}/participants"), &owner, &json!({"name": name}));
        assert_eq!(person.status, 201, "{}", person.text);
    }
    let refused = hub.get(&format!("{path}/badges.pdf"), &owner);
    assert_eq!(refused.code(), "LETTERS_MISSING");
    let error = refused.json()["error"].take();
    assert_eq!(error["details"]["participants"][0]["name"], "王小明", "{error}");
    for part in ["王小明", "fonts-noto-cjk", "./nowhere"] {
        assert!(text(&error["message"]).contains(part), "{error}");
    }
    assert_eq!(hub.get(&format!("{path}/badges.pdf?leave_out=true"), &owner).status, 200);
}
