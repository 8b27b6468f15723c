//! What is sent.

/// A letter to one person, in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whose it is, for people to read.
    pub to_name: String,
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The rest.
    pub text: String,
}
