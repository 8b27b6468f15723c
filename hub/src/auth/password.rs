//! Passwords: Argon2id, a few at a time, never on a thread that serves others.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

/// The fewest characters of a new password (NIST SP 800-63B-4 asks for 8 where it is not the only factor).
pub const PASSWORD_CHARS_MIN: usize = 8;
/// The most bytes that are looked at, so that nobody makes us hash a book.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Checked against when there is no such account, so that this takes as long: a hash of random bytes, written down so
/// that no hub hashes anything before somebody signs in.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$1MlU+RUZ4OQCVLci95nirQ$dtaUT/R6+fM8adshNypKD/zUiofqEvk+lktbY3F33Vo";

/// Checks and hashes passwords: Argon2id with 19 MiB, two passes, one lane (OWASP's first choice and the package's default).
#[derive(Clone)]
pub struct Passwords {
    /// Each check takes the memory above: at most this many at a time.
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// At most `at_once` checks at a time; 0 for one per core.
    pub fn new(at_once: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let turns = if at_once == 0 { cores } else { at_once as usize };
        Self { turns: Arc::new(Semaphore::new(turns)) }
    }

    /// Whether `password` is the one behind `hash`; without a hash false, after the same time.
    pub async fn check(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else { return false };
        let work = move || {
            let right = matches(&password, hash.as_deref().unwrap_or(NOBODY));
            right && hash.is_some()
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }
}

/// A password as it is stored, with a salt of its own. Takes about 20 ms.
///
/// # Panics
/// When the system has no randomness to give.
pub fn hash(password: &str) -> String {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.expect("the parameters are the package's own and the salt is the system's").to_string()
}

/// [`hash`], away from threads that serve others.
///
/// # Panics
/// When the system has no randomness to give.
pub(crate) async fn hash_aside(password: String) -> String {
    let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
    hashed.expect("hashing ends, as the system gives random bytes")
}

fn matches(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    password.len() <= PASSWORD_BYTES_MAX
        && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_check_a_password_of_nobody_costs_as_much_as_one_of_somebody() {
        let cost = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert_eq!(cost(NOBODY), cost(&hash("correct horse")));
    }

    #[tokio::test]
    async fn only_the_right_password_of_an_account_is_right() {
        let passwords = Passwords::new(1);
        let stored = hash("correct horse");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.check("correct horse".into(), Some(stored.clone())).await);
        assert!(!passwords.check("correct mule".into(), Some(stored)).await);
        assert!(!passwords.check("correct horse".into(), None).await);
        assert!(!passwords.check("x".into(), Some("no hash".into())).await);
    }
}
