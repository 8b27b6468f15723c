//! A way through the bytes of a frame without building a tree: one trait, one scanner per codec.

mod json;
mod msgpack;

pub(crate) use json::JsonScan;
pub(crate) use msgpack::MsgPackScan;

use std::borrow::Cow;

use crate::{INTEGER_MAX, Reason};

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Array,
    Text,
    Number,
    Bool,
    Null,
}

/// Reads values one after the other; every method leaves the place behind what it read.
pub(crate) trait Scan<'a>: Sized {
    /// How far one is inside an object or array.
    type Group;

    /// A scanner at the first byte; checks what can only be checked over all bytes.
    fn over(bytes: &'a [u8]) -> Result<Self, Reason>;
    /// All bytes that are scanned.
    fn bytes(&self) -> &'a [u8];
    /// The place of the next unread byte.
    fn at(&self) -> usize;
    /// What comes next; skips blanks before it.
    fn peek(&mut self) -> Result<Shape, Reason>;
    /// Steps into an object.
    fn enter_object(&mut self) -> Result<Self::Group, Reason>;
    /// The next name in an object, `None` behind its end.
    fn next_name(&mut self, group: &mut Self::Group) -> Result<Option<Cow<'a, str>>, Reason>;
    /// Steps into an array.
    fn enter_array(&mut self) -> Result<Self::Group, Reason>;
    /// Whether another item follows in an array; `false` leaves the place behind the array.
    fn next_item(&mut self, group: &mut Self::Group) -> Result<bool, Reason>;
    /// A text.
    fn text(&mut self) -> Result<Cow<'a, str>, Reason>;
    /// A whole number; `None` for one with a fraction or beyond 64 bits.
    fn integer(&mut self) -> Result<Option<i64>, Reason>;
    /// Steps over a value that is neither object nor array.
    fn skip_scalar(&mut self) -> Result<(), Reason>;
    /// Nothing but blanks may follow.
    fn end(&mut self) -> Result<(), Reason>;

    /// Steps over any value that nests at most `depth` deep.
    fn skip(&mut self, depth: u32) -> Result<(), Reason> {
        let shape = self.peek()?;
        if !matches!(shape, Shape::Object | Shape::Array) {
            return self.skip_scalar();
        }
        let inner = depth.checked_sub(1).ok_or(Reason::TooDeep)?;
        if shape == Shape::Object {
            let mut group = self.enter_object()?;
            while self.next_name(&mut group)?.is_some() {
                self.skip(inner)?;
            }
        } else {
            let mut group = self.enter_array()?;
            while self.next_item(&mut group)? {
                self.skip(inner)?;
            }
        }
        Ok(())
    }

    /// Steps over any value and returns its bytes.
    fn span(&mut self, depth: u32) -> Result<&'a [u8], Reason> {
        self.peek()?;
        let from = self.at();
        self.skip(depth)?;
        Ok(&self.bytes()[from..self.at()])
    }

    /// `None` for null, else what `read` reads.
    fn nullable<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Reason>,
    ) -> Result<Option<T>, Reason> {
        if self.peek()? == Shape::Null {
            return self.skip_scalar().map(|()| None);
        }
        read(self).map(Some)
    }

    /// A text in the field of that name.
    fn text_field(&mut self, field: &'static str) -> Result<Cow<'a, str>, Reason> {
        match self.peek()? {
            Shape::Text => self.text(),
            _ => Err(Reason::WrongType { field, expected: "a text" }),
        }
    }

    /// A whole number, signed, that every JSON reader holds exactly.
    fn integer_field(&mut self, field: &'static str) -> Result<i64, Reason> {
        if self.peek()? != Shape::Number {
            return Err(Reason::WrongType { field, expected: "a whole number" });
        }
        let exact = self.integer()?.filter(|value| value.unsigned_abs() <= INTEGER_MAX);
        exact.ok_or(Reason::OutOfRange(field))
    }

    /// A whole number from 0 to [`INTEGER_MAX`].
    fn count_field(&mut self, field: &'static str) -> Result<u64, Reason> {
        u64::try_from(self.integer_field(field)?).map_err(|_| Reason::OutOfRange(field))
    }

    /// Any value that is an object, as bytes.
    fn object_field(&mut self, field: &'static str, depth: u32) -> Result<&'a [u8], Reason> {
        match self.peek()? {
            Shape::Object => self.span(depth),
            _ => Err(Reason::WrongType { field, expected: "an object" }),
        }
    }
}
