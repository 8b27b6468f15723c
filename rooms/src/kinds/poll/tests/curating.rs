//! Words and answers, and the moderators' hand on them.

use serde_json::{Value, json};

use super::{MODERATOR, SCREEN, Table, plain};

const ONE: u64 = 5;
const TWO: u64 = 6;
const THREE: u64 = 7;

fn cloud(more: &Value) -> Table {
    Table::open(&plain("wordcloud", more))
}

fn words(table: &Table, who: u64) -> Vec<(String, u64)> {
    let results = table.results(who);
    let words = results["words"].as_array().expect("a cloud has words");
    words.iter().map(|word| (text(&word["text"]), word["count"].as_u64().expect("a count"))).collect()
}

fn answers(table: &Table, who: u64) -> Vec<String> {
    let results = table.results(who);
    let answers = results["answers"].as_array().expect("an open poll has answers");
    answers.iter().map(|answer| text(&answer["text"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn counted(words: &[(&str, u64)]) -> Vec<(String, u64)> {
    words.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

#[test]
fn a_word_counts_once_per_person_in_whatever_coat() {
    let mut table = cloud(&json!({}));
    table.vote(ONE, &json!({"text": "Rust, rust!, RUST, fast"}));
    table.vote(TWO, &json!({"texts": ["“rust”"]}));
    assert_eq!(words(&table, ONE), counted(&[("rust", 2), ("fast", 1)]));
    assert_eq!(table.state(ONE)["mine"], json!({"text": "rust, fast", "texts": ["rust", "fast"]}));
}

#[test]
fn merged_words_count_people_and_can_be_parted() {
    let mut table = cloud(&json!({}));
    table.vote(ONE, &json!({"text": "color, colour"}));
    table.vote(TWO, &json!({"text": "colours"}));
    let merge = json!({"into": "Colour", "words": ["color", "colours"]});
    assert_eq!(table.must(MODERATOR, "poll.merge_words", &merge), 1);
    assert_eq!(table.must(MODERATOR, "poll.merge_words", &merge), 0, "they are merged already");
    table.vote(THREE, &json!({"text": "COLOR"}));
    assert_eq!(words(&table, ONE), counted(&[("colour", 3)]));
    assert_eq!(table.results(MODERATOR)["words"][0]["merged"], json!(["color", "colours"]));
    assert_eq!(table.results(ONE)["words"][0], json!({"text": "colour", "count": 3}));
    assert_eq!(table.must(MODERATOR, "poll.unmerge_words", &json!({"words": ["colours", "color"]})), 1);
    assert_eq!(words(&table, ONE), counted(&[("color", 2), ("colour", 1), ("colours", 1)]));
}

#[test]
fn a_hidden_word_is_shown_to_moderators_only() {
    let mut table = cloud(&json!({}));
    table.vote(ONE, &json!({"text": "nice, rude"}));
    assert_eq!(table.must(MODERATOR, "poll.hide_word", &json!({"word": "Rude"})), 1);
    assert_eq!(table.must(MODERATOR, "poll.hide_word", &json!({"word": "rude"})), 0);
    assert_eq!(words(&table, TWO), counted(&[("nice", 1)]));
    assert_eq!(words(&table, SCREEN), counted(&[("nice", 1)]));
    assert_eq!(table.results(MODERATOR)["words"][1]["standing"], "hidden");
    table.must(MODERATOR, "poll.approve_word", &json!({"word": "rude"}));
    assert_eq!(words(&table, SCREEN), counted(&[("nice", 1), ("rude", 1)]));
    assert_eq!(table.refused(MODERATOR, "poll.hide_word", &json!({"word": "absent"})), "poll.unknown_word");
}

#[test]
fn moderated_words_wait_for_a_moderator() {
    let mut table = cloud(&json!({"moderated": true}));
    table.vote(ONE, &json!({"text": "patience"}));
    assert_eq!(words(&table, ONE), []);
    assert_eq!(words(&table, SCREEN), []);
    assert_eq!(table.results(ONE)["voters"], 1);
    assert_eq!(table.results(MODERATOR)["words"][0]["standing"], "pending");
    table.must(MODERATOR, "poll.approve_word", &json!({"word": "patience"}));
    assert_eq!(words(&table, SCREEN), counted(&[("patience", 1)]));
}

#[test]
fn banned_and_boundless_words_are_refused() {
    let mut table = cloud(&json!({"banned": ["Darn it"], "max_words": 2}));
    for (sent, code) in [
        ("oh DARN  it!", "poll.bad_text"),
        ("?!", "poll.bad_text"),
        ("", "poll.bad_text"),
        ("one, two, three", "poll.too_many_words"),
        ("one two three four five", "poll.bad_text"),
        ("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq", "poll.too_long"),
    ] {
        assert_eq!(table.refused(ONE, "poll.vote", &json!({"text": sent})), code, "{sent}");
    }
    assert_eq!(table.results(ONE)["voters"], 0);
}

#[test]
fn the_view_holds_the_300_most_frequent_words() {
    let mut table = cloud(&json!({}));
    for n in 0..400 {
        table.vote(10 + n, &json!({"text": format!("word{n:03}, often{}", n % 5)}));
    }
    let words = words(&table, ONE);
    assert_eq!(words.len(), 300);
    assert_eq!(words[..2], counted(&[("often0", 80), ("often1", 80)]), "equal ones by alphabet");
    assert_eq!(words[5], ("word000".to_owned(), 1));
}

#[test]
fn answers_come_in_order_and_an_author_is_shown_only_by_name_polls() {
    for anonymous in [true, false] {
        let mut table = Table::open(&plain("open", &json!({"anonymous": anonymous})));
        table.vote(ONE, &json!({"text": " First  "}));
        table.vote(TWO, &json!({"text": "Second"}));
        assert_eq!(answers(&table, THREE), ["First", "Second"]);
        for who in [ONE, MODERATOR, SCREEN] {
            let author = table.results(who)["answers"][0].get("author").cloned();
            assert_eq!(author.is_some(), !anonymous, "to {who}");
        }
    }
}

#[test]
fn the_newest_answers_are_shown_and_none_waits_unseen() {
    let mut table = Table::open(&plain("open", &json!({"moderated": true})));
    for n in 0..350 {
        table.vote(10 + n, &json!({"text": format!("answer {n}")}));
    }
    let list = table.results(MODERATOR)["answers"].take();
    let list: Vec<Value> = list.as_array().expect("answers").clone();
    assert_eq!(list.len(), 350, "300 of the newest, and more that wait");
    for answer in &list[..200] {
        table.must(MODERATOR, "poll.approve_answer", &json!({"answer": answer["id"]}));
    }
    assert_eq!(answers(&table, ONE).len(), 100);
    assert_eq!(answers(&table, ONE)[99], "answer 199");
    assert_eq!(answers(&table, MODERATOR).len(), 300, "what is older was judged");
}

#[test]
fn long_answers_leave_room_in_a_frame() {
    let mut table = Table::open(&plain("open", &json!({"max_chars": 2_000})));
    for n in 0..100 {
        table.vote(10 + n, &json!({"text": format!("{n:03} {}", "é".repeat(1_990))}));
    }
    let shown = answers(&table, ONE);
    assert!(shown.iter().map(String::len).sum::<usize>() <= 32 * 1024);
    assert!(shown.last().is_some_and(|newest| newest.starts_with("099")));
}

#[test]
fn a_changed_answer_takes_the_place_of_the_old_one() {
    let mut table = Table::open(&plain("open", &json!({"change_vote": true})));
    table.vote(ONE, &json!({"text": "first"}));
    table.vote(TWO, &json!({"text": "second"}));
    table.vote(ONE, &json!({"text": "third"}));
    assert_eq!(answers(&table, THREE), ["second", "third"]);
    assert_eq!(table.must(ONE, "poll.vote", &json!({"text": "third"})), 0);
    assert_eq!(table.state(ONE)["mine"], json!({"text": "third"}));
}

#[test]
fn answers_are_hidden_and_wait_like_words() {
    let mut table = Table::open(&plain("open", &json!({"moderated": true})));
    table.vote(ONE, &json!({"text": "wait"}));
    assert_eq!(answers(&table, TWO), Vec::<String>::new());
    let id = table.results(MODERATOR)["answers"][0]["id"].clone();
    table.must(MODERATOR, "poll.approve_answer", &json!({"answer": id}));
    assert_eq!(answers(&table, TWO), ["wait"]);
    table.must(MODERATOR, "poll.hide_answer", &json!({"answer": id}));
    assert_eq!(answers(&table, SCREEN), Vec::<String>::new());
    assert_eq!(table.results(MODERATOR)["answers"][0]["standing"], "hidden");
    let unknown = json!({"answer": super::poll_id()});
    assert_eq!(table.refused(MODERATOR, "poll.hide_answer", &unknown), "poll.unknown_answer");
}

#[test]
fn answers_of_an_old_round_stay_as_they_were() {
    let mut table = Table::open(&plain("open", &json!({})));
    table.vote(ONE, &json!({"text": "before"}));
    let id = table.results(MODERATOR)["answers"][0]["id"].clone();
    table.must(MODERATOR, "poll.hide_answer", &json!({"answer": id}));
    table.must(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(answers(&table, MODERATOR), Vec::<String>::new());
    let past = &table.state(MODERATOR)["past"][0]["answers"][0];
    assert_eq!((&past["text"], &past["standing"]), (&json!("before"), &json!("hidden")));
}

#[test]
fn two_answers_never_share_an_id() {
    let mut table = Table::open(&plain("open", &json!({})));
    table.vote(ONE, &json!({"text": "mine"}));
    table.commands -= 1;
    table.vote(TWO, &json!({"text": "sent with the same key"}));
    let results = table.results(ONE);
    assert_ne!(results["answers"][0]["id"], results["answers"][1]["id"]);
}

#[test]
fn a_hand_on_texts_needs_a_poll_with_texts_and_a_moderator() {
    let mut table = Table::open(&plain("rating", &json!({})));
    let ops = [
        ("poll.merge_words", json!({"into": "a", "words": ["b"]})),
        ("poll.unmerge_words", json!({"words": ["b"]})),
        ("poll.hide_word", json!({"word": "a"})),
        ("poll.approve_word", json!({"word": "a"})),
        ("poll.hide_answer", json!({"answer": super::poll_id()})),
        ("poll.approve_answer", json!({"answer": super::poll_id()})),
    ];
    for (op, data) in ops {
        assert_eq!(table.refused(MODERATOR, op, &data), "poll.wrong_kind");
        assert_eq!(table.refused(ONE, op, &data), "hub.forbidden");
    }
}
