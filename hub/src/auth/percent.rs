//! Texts in addresses and forms.

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986, section 2.3).
pub(super) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_has_a_meaning_in_an_address_is_escaped() {
        assert_eq!(escaped("Acme & Co/ü~1"), "Acme%20%26%20Co%2F%C3%BC~1");
    }
}
