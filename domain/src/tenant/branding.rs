//! A tenant's colours, checked so that everybody can read what is written in them.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A colour, `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// A text that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is a colour such as #1a6b5c")]
pub struct BadColour;

/// How well two colours can be told apart: 1 for not at all, up to 21 for black and white.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct Contrast(pub f64);

impl Contrast {
    /// What text needs (WCAG 2.2, success criterion 1.4.3).
    pub const TEXT: Self = Self(4.5);
    /// What buttons, bars and outlines need (WCAG 2.2, success criterion 1.4.11).
    pub const SHAPES: Self = Self(3.0);
}

/// To one decimal, never rounded up: what shows as enough is enough.
impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", (self.0 * 10.0).floor() / 10.0)
    }
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };
    /// Black.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };

    /// How bright it looks, from 0 to 1 (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// How well it can be told from another (WCAG 2.2, contrast ratio).
    pub fn contrast(self, other: Self) -> Contrast {
        let (one, other) = (self.luminance(), other.luminance());
        Contrast((one.max(other) + 0.05) / (one.min(other) + 0.05))
    }

    /// What can be read on it: white or black. One of them always has more than 4.5.
    pub fn readable_on_it(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }
}

impl FromStr for Colour {
    type Err = BadColour;

    fn from_str(text: &str) -> Result<Self, BadColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let part = |at: usize| {
            let pair = digits.and_then(|digits| digits.get(at..at + 2)).ok_or(BadColour)?;
            u8::from_str_radix(pair, 16).map_err(|_| BadColour)
        };
        Ok(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// How a tenant looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    /// The name at the top of every page; none for the tenant's own.
    pub name: Option<String>,
    /// The ground of pages.
    pub background: Colour,
    /// Text on that ground.
    pub text: Colour,
    /// Buttons, links, bars.
    pub primary: Colour,
}

impl Default for Branding {
    fn default() -> Self {
        let primary = Colour { red: 0x1a, green: 0x6b, blue: 0x5c };
        let text = Colour { red: 0x1b, green: 0x1b, blue: 0x1f };
        Self { name: None, background: Colour::WHITE, text, primary }
    }
}

/// A colour that cannot be told well enough from another.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("has a contrast of {has} with {with}; it needs {needs}")]
pub struct UnfitColour {
    /// The colour's name.
    pub field: &'static str,
    /// The other's name.
    pub with: &'static str,
    /// What it has.
    pub has: Contrast,
    /// What it needs.
    pub needs: Contrast,
}

impl Branding {
    /// Every colour that people with weak sight could not make out.
    pub fn unfit(&self) -> Vec<UnfitColour> {
        let pairs = [("text", self.text, Contrast::TEXT), ("primary", self.primary, Contrast::SHAPES)];
        let checked = pairs.map(|(field, colour, needs)| {
            let has = colour.contrast(self.background);
            UnfitColour { field, with: "background", has, needs }
        });
        checked.into_iter().filter(|pair| pair.has < pair.needs).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_as_the_guidelines_compute_it() {
        assert_eq!(Colour::WHITE.contrast(Colour::BLACK).to_string(), "21.0");
        assert_eq!(colour("#777777").contrast(Colour::WHITE).to_string(), "4.4");
        assert_eq!(colour("#767676").contrast(Colour::WHITE).to_string(), "4.5");
        assert_eq!(colour("#ff0000").contrast(Colour::WHITE).to_string(), "3.9");
        assert_eq!(colour("#808080").contrast(colour("#808080")).to_string(), "1.0");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_figure() {
        assert_eq!(Branding::default().unfit(), []);
        let pale = Branding { text: colour("#cccccc"), ..Branding::default() };
        let unfit = pale.unfit();
        assert_eq!((unfit.len(), unfit[0].field), (1, "text"));
        assert_eq!(unfit[0].to_string(), "has a contrast of 1.6 with background; it needs 4.5");
    }

    #[test]
    fn colours_are_read_strictly() {
        assert_eq!(colour("#1A6b5C").to_string(), "#1a6b5c");
        for text in ["1a6b5c", "#1a6b5", "#1a6b5cc", "#+a6b5c", "#éé66", ""] {
            assert_eq!(text.parse::<Colour>(), Err(BadColour), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn on_every_colour_something_can_be_read(red: u8, green: u8, blue: u8) {
            let ground = Colour { red, green, blue };
            proptest::prop_assert!(ground.contrast(ground.readable_on_it()) >= Contrast::TEXT);
        }
    }
}
