//! An XML document as a tree that knows where each element was.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::conference::ImportError;

/// How deep elements may be nested.
const DEPTH_MAX: usize = 32;
/// How many elements a document may have; the largest known programme has 60,000.
const ELEMENTS_MAX: usize = 1_000_000;

/// An element. Namespaces are left out: `x:event` is `event`.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// All text directly in the element.
    pub(super) text: String,
    pub(super) children: Vec<Self>,
    /// The byte at which the element begins.
    pub(super) offset: usize,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first child with this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children with this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child with this name, or nothing.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }
}

/// The way to the element at `offset`: `/schedule/day[2]/room[1]`; elements without namesakes have no number.
pub(super) fn path_to(root: &Element, offset: usize) -> String {
    let mut path = format!("/{}", root.name);
    let mut here = root;
    while here.offset != offset {
        // Offsets grow in document order: the way leads through the last child that begins early enough.
        let Some(next) = here.children.iter().rev().find(|child| child.offset <= offset) else { break };
        path.push_str(&step(here, next));
        here = next;
    }
    path
}

fn step(parent: &Element, child: &Element) -> String {
    let namesakes = parent.all(&child.name).count();
    let place = parent.all(&child.name).take_while(|one| one.offset <= child.offset).count();
    if namesakes > 1 { format!("/{}[{place}]", child.name) } else { format!("/{}", child.name) }
}

/// Reads a document. Document types are refused: no entity is ever defined, fetched or expanded.
pub(super) fn read(source: &str) -> Result<Element, ImportError> {
    let mut growth = Growth { source, open: Vec::new(), root: None, elements: 0 };
    let mut reader = Reader::from_str(source);
    loop {
        let offset = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| {
            growth.error(reader.error_position() as usize, format!("this is not well-formed XML: {error}"))
        })?;
        match event {
            Event::Eof => break,
            other => growth.take(other, offset)?,
        }
    }
    growth.finish()
}

struct Growth<'a> {
    source: &'a str,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Growth<'_> {
    fn take(&mut self, event: Event<'_>, offset: usize) -> Result<(), ImportError> {
        match event {
            Event::Start(start) => self.start(&start, offset),
            Event::Empty(start) => self.start(&start, offset).and_then(|()| self.end(offset)),
            Event::End(_) => self.end(offset),
            Event::Text(text) => self.text(&text.xml10_content(), offset),
            Event::CData(text) => self.text(&text.xml10_content(), offset),
            Event::GeneralRef(reference) => {
                let character =
                    reference.resolve_char_ref().map_err(|error| self.error(offset, error.to_string()))?;
                match (character, resolve_predefined_entity(&reference)) {
                    (Some(character), _) => self.text(character.encode_utf8(&mut [0; 4]), offset),
                    (None, Some(known)) => self.text(known, offset),
                    (None, None) => {
                        Err(self.error(offset, format!("the entity &{}; is not known", &*reference)))
                    }
                }
            }
            Event::DocType(_) => Err(self.error(offset, "a document type is not allowed")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, offset: usize) -> Result<(), ImportError> {
        self.elements += 1;
        if self.open.len() >= DEPTH_MAX || self.elements > ELEMENTS_MAX {
            let message = format!("more than {DEPTH_MAX} levels or {ELEMENTS_MAX} elements are not read");
            return Err(self.error(offset, message));
        }
        if self.root.is_some() {
            return Err(self.error(offset, "there is a second document after the first"));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.error(offset, error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.error(offset, error.to_string()))?;
            attributes.push((local(attribute.key.as_ref()), value.into_owned()));
        }
        self.open.push(Element {
            name: local(start.name().as_ref()),
            attributes,
            offset,
            ..Element::default()
        });
        Ok(())
    }

    fn end(&mut self, offset: usize) -> Result<(), ImportError> {
        let Some(element) = self.open.pop() else { return Err(self.error(offset, "nothing is open here")) };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, offset: usize) -> Result<(), ImportError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.error(offset, "there is text outside of the document")),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, ImportError> {
        if let Some(open) = self.open.last() {
            return Err(self.error(self.source.len(), format!("the file ends inside of <{}>", open.name)));
        }
        let empty = ImportError::at(self.source, 0, String::new(), "there is no XML in the file");
        self.root.ok_or(empty)
    }

    fn error(&self, offset: usize, message: impl Into<String>) -> ImportError {
        let path: String = self.open.iter().map(|element| format!("/{}", element.name)).collect();
        ImportError::at(self.source, offset, path, message)
    }
}

fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned()
}
