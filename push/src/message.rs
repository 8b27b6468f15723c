//! What is sent.

/// A letter to one person, in plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Whose it is, for people to read.
    pub to_name: String,
    /// The address.
    pub to: String,
    /// The address that answers go to; none for the one that letters come from.
    pub answer_to: Option<String>,
    /// One line.
    pub subject: String,
    /// The rest.
    pub text: String,
    /// Files that come with it.
    pub enclosed: Vec<Enclosed>,
}

/// A file that comes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called, `ticket.png`.
    pub name: String,
    /// What it is, `image/png`.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}
