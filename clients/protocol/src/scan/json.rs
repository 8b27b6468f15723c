//! JSON as RFC 8259 has it, over bytes that are known to be UTF-8.

use std::borrow::Cow;

use super::{Scan, Shape};
use crate::Reason;

/// A place in a JSON text.
pub(crate) struct JsonScan<'a> {
    text: &'a str,
    at: usize,
}

/// Whether a comma is due before the next member.
pub(crate) struct JsonGroup {
    first: bool,
}

impl<'a> JsonScan<'a> {
    fn byte(&self) -> Result<u8, Reason> {
        self.text.as_bytes().get(self.at).copied().ok_or(Reason::Truncated)
    }

    fn skip_blanks(&mut self) {
        while let Ok(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    const fn malformed<T>(&self) -> Result<T, Reason> {
        Err(Reason::Malformed { at: self.at })
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Reason> {
        if self.byte()? != wanted {
            return self.malformed();
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<(), Reason> {
        word.bytes().try_for_each(|wanted| self.expect(wanted))
    }

    /// True when another member follows; eats the comma before it or the bracket at the end.
    fn advance(&mut self, group: &mut JsonGroup, closing: u8) -> Result<bool, Reason> {
        self.skip_blanks();
        if self.byte()? == closing {
            self.at += 1;
            return Ok(false);
        }
        if !group.first {
            self.expect(b',')?;
            self.skip_blanks();
        }
        group.first = false;
        Ok(true)
    }

    fn enter(&mut self, opening: u8) -> Result<JsonGroup, Reason> {
        self.skip_blanks();
        self.expect(opening)?;
        Ok(JsonGroup { first: true })
    }

    /// Steps over a string; its raw inside and whether it holds escapes.
    fn string(&mut self) -> Result<(&'a str, bool), Reason> {
        self.expect(b'"')?;
        let from = self.at;
        let mut escaped = false;
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                0..=0x1f => return self.malformed(),
                _ => self.at += 1,
            }
        }
        let inside = &self.text[from..self.at];
        self.at += 1;
        Ok((inside, escaped))
    }

    fn escape(&mut self) -> Result<(), Reason> {
        self.expect(b'\\')?;
        let kind = self.byte()?;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                Ok(())
            }
            b'u' => self.unicode_escape(),
            _ => self.malformed(),
        }
    }

    /// `uXXXX` behind its backslash; halves of a surrogate pair only as a pair.
    fn unicode_escape(&mut self) -> Result<(), Reason> {
        match self.hex4()? {
            0xd800..=0xdbff => {
                self.expect(b'\\')?;
                match self.hex4()? {
                    0xdc00..=0xdfff => Ok(()),
                    _ => self.malformed(),
                }
            }
            0xdc00..=0xdfff => self.malformed(),
            _ => Ok(()),
        }
    }

    fn hex4(&mut self) -> Result<u32, Reason> {
        self.expect(b'u')?;
        let mut value = 0;
        for _ in 0..4 {
            let Some(digit) = (self.byte()? as char).to_digit(16) else { return self.malformed() };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    /// Steps over a number and returns its text.
    fn number(&mut self) -> Result<&'a str, Reason> {
        let from = self.at;
        if self.byte() == Ok(b'-') {
            self.at += 1;
        }
        if self.byte()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == Ok(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Ok(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Ok(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[from..self.at])
    }

    fn digits(&mut self) -> Result<(), Reason> {
        if !self.byte()?.is_ascii_digit() {
            return self.malformed();
        }
        while self.byte().is_ok_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }
}

impl<'a> Scan<'a> for JsonScan<'a> {
    type Group = JsonGroup;

    fn over(bytes: &'a [u8]) -> Result<Self, Reason> {
        let text = std::str::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?;
        Ok(Self { text, at: 0 })
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn at(&self) -> usize {
        self.at
    }

    fn peek(&mut self) -> Result<Shape, Reason> {
        self.skip_blanks();
        match self.byte()? {
            b'{' => Ok(Shape::Object),
            b'[' => Ok(Shape::Array),
            b'"' => Ok(Shape::Text),
            b'-' | b'0'..=b'9' => Ok(Shape::Number),
            b't' | b'f' => Ok(Shape::Bool),
            b'n' => Ok(Shape::Null),
            _ => self.malformed(),
        }
    }

    fn enter_object(&mut self) -> Result<JsonGroup, Reason> {
        self.enter(b'{')
    }

    fn next_name(&mut self, group: &mut JsonGroup) -> Result<Option<Cow<'a, str>>, Reason> {
        if !self.advance(group, b'}')? {
            return Ok(None);
        }
        let name = self.text()?;
        self.skip_blanks();
        self.expect(b':')?;
        Ok(Some(name))
    }

    fn enter_array(&mut self) -> Result<JsonGroup, Reason> {
        self.enter(b'[')
    }

    fn next_item(&mut self, group: &mut JsonGroup) -> Result<bool, Reason> {
        self.advance(group, b']')
    }

    fn text(&mut self) -> Result<Cow<'a, str>, Reason> {
        let from = self.at;
        let (inside, escaped) = self.string()?;
        if !escaped {
            return Ok(Cow::Borrowed(inside));
        }
        let unescaped = serde_json::from_str(&self.text[from..self.at]);
        unescaped.map(Cow::Owned).map_err(|_| Reason::Malformed { at: from })
    }

    fn integer(&mut self) -> Result<Option<i64>, Reason> {
        self.number().map(|digits| digits.parse().ok())
    }

    fn skip_scalar(&mut self) -> Result<(), Reason> {
        match self.byte()? {
            b'"' => self.string().map(drop),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.number().map(drop),
        }
    }

    fn end(&mut self) -> Result<(), Reason> {
        self.skip_blanks();
        if self.at < self.text.len() { Err(Reason::Trailing { at: self.at }) } else { Ok(()) }
    }
}
