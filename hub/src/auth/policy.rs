//! Which passwords are taken: long enough, and none that everybody tries first (NIST SP 800-63B-4, section 3.1.1.2).
//! No rule about letters and signs: those make passwords harder to remember, not harder to guess.

use super::password::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

/// What is tried first, in small letters; of those that are long enough to be taken otherwise.
const COMMON: [&str; 48] = [
    "password",
    "password1",
    "password12",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "987654321",
    "11111111",
    "00000000",
    "123123123",
    "qwertyui",
    "qwerty12",
    "qwerty123",
    "qwertyuiop",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "asdfghjk",
    "asdfghjkl",
    "zxcvbnm1",
    "iloveyou",
    "iloveyou1",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman123",
    "trustno1",
    "letmein1",
    "letmein123",
    "welcome1",
    "welcome123",
    "admin123",
    "administrator",
    "changeme",
    "changeme1",
    "secret123",
    "default1",
    "conference",
    "conference1",
    "abcd1234",
    "abc12345",
    "a1b2c3d4",
    "plenum123",
];

/// Why a password is not taken.
pub fn fault(password: &str, email: &str) -> Option<String> {
    let (small, email) = (password.to_lowercase(), email.to_lowercase());
    let name = email.split('@').next().unwrap_or_default();
    let first = small.chars().next();
    match () {
        () if password.chars().count() < PASSWORD_CHARS_MIN => {
            Some(format!("has {PASSWORD_CHARS_MIN} characters or more"))
        }
        () if password.len() > PASSWORD_BYTES_MAX => Some(format!("has at most {PASSWORD_BYTES_MAX} bytes")),
        () if COMMON.contains(&&*small) => Some("is one of those that everybody tries first".to_owned()),
        () if small.chars().all(|letter| Some(letter) == first) => {
            Some("is the same character again and again".to_owned())
        }
        () if small == email || (small == name && !name.is_empty()) => Some("is the address".to_owned()),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_obvious_passwords_are_not_taken() {
        let refused = |password: &str| fault(password, "noor.haddad@example.org").is_some();
        for password in ["short", "PassWord123", "zzzzzzzzz", "noor.haddad@example.org", "Noor.Haddad"] {
            assert!(refused(password), "{password}");
        }
        assert!(refused(&"x1".repeat(600)));
        assert!(!refused("correct horse battery") && !refused("häuser am see"));
    }
}
