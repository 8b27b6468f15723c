//! Letters to those who registered, as they lie in the folder for mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::hub::{Hub, text, wait_until};

/// A mail as it was written, taken apart.
struct Mail {
    head: String,
    text: String,
    files: Vec<(String, Vec<u8>)>,
}

struct Post {
    hub: Hub,
    owner: String,
    conference: Value,
    path: String,
}

fn post(form: &Value) -> Post {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}", text(&conference["id"]));
    let post = Post { hub, owner, conference, path };
    post.save(form);
    post
}

impl Post {
    fn save(&self, form: &Value) {
        let saved = self.hub.call("PUT", &format!("{}/registration", self.path), &self.owner, Some(form));
        assert_eq!(saved.status, 200, "{}", saved.text);
    }

    fn register(&self, name: &str, language: &str) -> Value {
        let body = json!({"code": self.conference["join_code"], "name": name, "language": language,
            "email": format!("{name}@x.example")});
        self.hub.post("/registration", "", &body).data()
    }

    fn set_status(&self, of: &Value, status: &str) {
        let path = format!("/participants/{}/status", text(&of["participant_id"]));
        let moved = self.hub.call("PATCH", &path, &self.owner, Some(&json!({"status": status})));
        assert_eq!(moved.status, 200, "{}", moved.text);
    }

    fn letters(&self, of: &Value) -> Value {
        self.hub.get(&format!("/participants/{}/letters", text(&of["participant_id"])), &self.owner).data()
    }

    /// Waits until the newest letter to someone has ended.
    fn ended(&self, of: &Value, notice: &str) -> Value {
        wait_until(notice, || {
            let newest = self.letters(of)[0].take();
            (newest["notice"] == notice && newest["ended_at"].is_string()).then_some(newest)
        })
    }

    /// All mails to someone, in the order in which they were written.
    fn mails(&self, name: &str) -> Vec<Mail> {
        self.unopened(name).iter().map(|raw| opened(raw)).collect()
    }

    fn unopened(&self, name: &str) -> Vec<String> {
        let files =
            std::fs::read_dir(self.hub.folder.path().join("data/mail")).into_iter().flatten().flatten();
        let files = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "eml"));
        let mut all: Vec<_> = files
            .map(|file| {
                (file.metadata().unwrap().modified().unwrap(), std::fs::read_to_string(file.path()).unwrap())
            })
            .filter(|(_, raw)| raw.contains(&format!("<{name}@x.example>")))
            .collect();
        all.sort();
        all.into_iter().map(|(_, raw)| raw).collect()
    }
}

fn opened(raw: &str) -> Mail {
    let (head, body) = raw.split_once("\r\n\r\n").expect("a head and a body");
    let Some((_, boundary)) = head.split_once("boundary=\"") else {
        return Mail { head: head.into(), text: decoded(head, body), files: Vec::new() };
    };
    let boundary = format!("--{}", boundary.split('"').next().unwrap());
    let mut parts = body.split(&*boundary).skip(1).filter_map(|part| part.split_once("\r\n\r\n"));
    let (text_head, text_body) = parts.next().expect("a text");
    let file = |(head, body): (&str, &str)| {
        let name = head.split_once("filename=\"")?.1.split('"').next()?.to_owned();
        let is_base64 = head.contains("base64");
        let bytes = if is_base64 {
            STANDARD.decode(one_line(body)).unwrap()
        } else {
            decoded(head, body).into_bytes()
        };
        Some((name, bytes))
    };
    let files = parts.filter_map(file).collect();
    Mail { head: head.into(), text: decoded(text_head, text_body), files }
}

fn one_line(body: &str) -> String {
    body.split_whitespace().collect()
}

fn decoded(head: &str, body: &str) -> String {
    if head.contains("base64") {
        return String::from_utf8(STANDARD.decode(one_line(body)).unwrap()).unwrap();
    }
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (head.contains("quoted-printable") && *first == b'=').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn who_registers_gets_the_ticket_by_mail_in_their_language_and_once() {
    let post = post(&json!({"open": true}));
    let noor = post.register("noor", "tr");
    let told = post.ended(&noor, "confirmed");
    assert_eq!((&told["state"], &told["tries"]), (&json!("sent"), &json!(1)));
    let mails = post.mails("noor");
    let mail = &mails[0];
    assert!(mail.text.contains("Merhaba noor") && mail.text.contains("Kasım 2026"), "{}", mail.text);
    let link = format!("/register/{}#{}", text(&post.conference["join_code"]), text(&noor["receipt"]));
    assert!(mail.text.contains(&link), "{}", mail.text);
    let [ticket, days] = &mail.files[..] else { panic!("{}", mail.head) };
    assert!(ticket.0 == "ticket.png" && ticket.1.starts_with(b"\x89PNG"), "{ticket:?}");
    let calendar = String::from_utf8(days.1.clone()).unwrap();
    assert!(days.0 == "conference.ics" && calendar.contains("DTSTART;VALUE=DATE:2026"), "{calendar}");
    let again = json!({"code": post.conference["join_code"], "name": "noor", "email": "noor@x.example"});
    assert_eq!(post.hub.post("/registration", "", &again).code(), "TAKEN");
    let sam = post.register("sam", "fr");
    post.ended(&sam, "confirmed");
    assert_eq!(post.mails("noor").len(), 1, "nothing is sent twice");
    assert!(post.mails("sam")[0].text.contains("Bonjour sam"));
}

#[test]
fn each_turn_of_a_registration_is_told() {
    let post = post(&json!({"open": true, "capacity": 1}));
    let (first, second) = (post.register("ada", "en"), post.register("bea", "de"));
    post.ended(&first, "confirmed");
    post.ended(&second, "waiting");
    assert!(post.mails("bea")[0].text.contains("Warteliste") && post.mails("bea")[0].files.is_empty());
    post.set_status(&first, "cancelled");
    post.ended(&first, "cancelled");
    post.ended(&second, "moved_up");
    assert!(post.mails("ada")[1].text.contains("called off"));
    let up = post.mails("bea").remove(1);
    assert!(up.text.contains("nachgerückt") && up.files.len() == 2, "{}", up.text);
    post.save(&json!({"open": true, "approval": true}));
    let third = post.register("cem", "ar");
    post.ended(&third, "received");
    post.set_status(&third, "rejected");
    post.ended(&third, "rejected");
    let told = post.mails("cem");
    assert!(
        told[0].text.contains("يحتاج إلى موافقة") && told[1].text.contains("لم يُقبل"),
        "{}",
        told[1].text
    );
    let off = post.hub.post("/registration/cancel", "", &json!({"receipt": second["receipt"]}));
    assert_eq!(off.status, 200);
    let fourth = post.register("dan", "en");
    post.ended(&fourth, "received");
    assert_eq!(post.mails("bea").len(), 2, "who calls off themselves knows it");
}

#[test]
fn nobody_is_written_to_where_letters_are_off_or_for_a_list_unless_it_is_asked_for() {
    let post = post(&json!({"open": true, "letters": false}));
    let noor = post.register("noor", "en");
    assert_eq!(post.letters(&noor), json!([]));
    let path = format!("{}/participants/import", post.path);
    let list = |name: &str, letters: bool| {
        let csv = format!("name,email\n{name},{name}@x.example\n");
        post.hub.post(&path, &post.owner, &json!({"csv": csv, "letters": letters})).data()
    };
    list("ada", false);
    list("bea", true);
    list("bea", true);
    wait_until("the letter that was asked for", || (post.unopened("bea").len() == 1).then_some(()));
    let asked = post.hub.post(
        &format!("/participants/{}/letters", text(&noor["participant_id"])),
        &post.owner,
        &json!({}),
    );
    assert_eq!(asked.data()[0]["notice"], "confirmed");
    post.ended(&noor, "confirmed");
    assert_eq!(
        (post.unopened("ada").len(), post.unopened("bea").len(), post.unopened("noor").len()),
        (0, 1, 1)
    );
    let desk = json!({"name": "Walk-in"});
    let walk_in = post.hub.post(&format!("{}/participants", post.path), &post.owner, &desk).data();
    let path = format!("/participants/{}/letters", text(&walk_in["id"]));
    assert_eq!(post.hub.post(&path, &post.owner, &json!({})).code(), "NO_ADDRESS");
}

#[test]
fn a_mail_that_cannot_go_fails_no_registration_and_is_shown() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let hub = Hub::start_with(&[("PLENUM__MAIL__URL", &url)]);
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}/registration", text(&conference["id"]));
    hub.call("PUT", &path, &owner, Some(&json!({"open": true})));
    let body = json!({"code": conference["join_code"], "name": "Noor", "email": "noor@x.example"});
    let noor = hub.post("/registration", "", &body).data();
    assert_eq!(noor["status"], "confirmed");
    let path = format!("/participants/{}/letters", text(&noor["participant_id"]));
    let told = wait_until("the first try", || {
        let newest = hub.get(&path, &owner).data()[0].take();
        newest["reason"].is_string().then_some(newest)
    });
    assert_eq!((&told["state"], &told["tries"]), (&json!("due"), &json!(1)));
}
