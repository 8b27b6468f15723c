//! Which compressed form of a file a browser takes.

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// What the files of this form are called.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The name in `Content-Encoding`.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// The compressed forms that `Accept-Encoding` allows (RFC 9110, section 12.5.3), smallest first.
    pub(super) fn wanted(accept: &str) -> Vec<Self> {
        let allows = |name: &str| accept.split(',').any(|part| allowed(part, name));
        [Self::Brotli, Self::Gzip].into_iter().filter(|form| form.name().is_some_and(allows)).collect()
    }
}

fn allowed(part: &str, name: &str) -> bool {
    let mut words = part.split(';').map(str::trim);
    let named = words.next().is_some_and(|word| word.eq_ignore_ascii_case(name) || word == "*");
    let weight = words.find_map(|word| word.strip_prefix("q=")?.parse::<f32>().ok());
    named && weight.unwrap_or(1.0) > 0.0
}

#[cfg(test)]
mod tests {
    use super::Encoding::{self, Brotli, Gzip};

    #[test]
    fn weights_are_heeded() {
        for (accept, forms) in [
            ("gzip, deflate, br", vec![Brotli, Gzip]),
            ("gzip;q=1.0, br;q=0", vec![Gzip]),
            ("*", vec![Brotli, Gzip]),
            ("identity", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(Encoding::wanted(accept), forms, "{accept}");
        }
    }
}
