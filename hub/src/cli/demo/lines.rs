//! What the made-up people say. All of it is invented.

use serde_json::{Value, json};

/// Their names.
pub(super) const NAMES: [&str; 40] = [
    "Noor", "Sam", "Ines", "Yusuf", "Mei", "Tomas", "Aisha", "Lars", "Priya", "Omar", "Clara", "Bao",
    "Fatima", "Jonas", "Lucía", "Kofi", "Hana", "Piotr", "Leila", "Mateo", "سلمى", "Ravi", "Greta", "Amir",
    "Sofia", "Dawit", "Emre", "Zoë", "خالد", "Nils", "Maya", "Tariq", "Elif", "Ivan", "Rosa", "Chidi",
    "Anouk", "Björn", "Dina", "Hugo",
];

/// What they write in the chat.
pub(super) const CHAT: [&str; 24] = [
    "Hello from the back row!",
    "The coffee next to hall B is the good one.",
    "Can everyone see the slides?",
    "I did not expect that result.",
    "Greetings from the balcony.",
    "Is this being recorded?",
    "That demo was brave.",
    "+1",
    "We tried this last year and it worked.",
    "Which version was that?",
    "The numbers on the screen move in real time, nice.",
    "My phone fell asleep and it still came back at the right place.",
    "Second time here, first time in the front.",
    "مرحبا من القاعة",
    "Who is coming to the workshop after lunch?",
    "Louder please, the microphone is far away.",
    "Thanks, better now.",
    "I changed my mind twice during this talk.",
    "The quiet ones should get the microphone too.",
    "Lunch is at the harbour side today.",
    "Nice question.",
    "I would love to see the code.",
    "That graph needs a legend.",
    "Best opening so far.",
];

/// What they ask.
pub(super) const QUESTIONS: [&str; 20] = [
    "Will the slides be published?",
    "What did you throw away before this version?",
    "How do you keep a poll honest when people bring two phones?",
    "What would you do differently with twice the people?",
    "Which number surprised you most?",
    "How long did it take until the room trusted it?",
    "Does it also work without the network for a while?",
    "What happens to my vote when the server is restarted?",
    "Who decides which questions are answered?",
    "How do you handle questions nobody dares to ask aloud?",
    "What is the smallest event where this makes sense?",
    "Is there anything that you would never put to a vote?",
    "How do you make room for people who are not fast with their phones?",
    "What did the audience teach you?",
    "Can a speaker see the questions during the talk?",
    "هل تعمل الواجهة باللغة العربية؟",
    "How do you measure whether people listened?",
    "What is the plan for next year?",
    "Could the results be shared with those who could not come?",
    "Which part are you proudest of?",
];

/// Words for the cloud.
pub(super) const WORDS: [&str; 16] = [
    "curious", "awake", "hopeful", "coffee", "busy", "open", "tired", "ready", "playful", "calm", "brave",
    "hungry", "together", "new", "quiet", "loud",
];

/// The session's polls; the first one is opened.
pub(super) fn polls() -> [Value; 4] {
    [
        json!({"title": "How did you get here today?", "kind": "single", "results": "always", "change_vote": true,
            "options": [{"label": "On foot or by bike"}, {"label": "By train or bus"}, {"label": "By car"}, {"label": "I never left"}]}),
        json!({"title": "One word: how do you feel?", "kind": "wordcloud"}),
        json!({"title": "How useful was this session?", "kind": "rating", "results": "after_vote"}),
        json!({"title": "What should we talk about next?", "kind": "ranking", "results": "after_close",
            "options": [{"label": "Accessibility"}, {"label": "Money"}, {"label": "Tools"}, {"label": "People"}]}),
    ]
}
