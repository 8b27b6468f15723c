//! Text in many scripts as glyphs: which font has it, which way it runs, how its letters join.

use std::collections::BTreeSet;
use std::ops::Range;

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use super::faces::{self, Face, SystemFile, Way};

/// The fonts, those in the program first.
pub(super) struct Fonts<'f> {
    faces: Vec<Face<'f>>,
    /// So many are in the program.
    embedded: usize,
}

/// A line of text, ready to be drawn in any size.
pub(super) struct Line {
    runs: Vec<Run>,
    /// How wide it is at a size of one.
    width_em: f32,
    /// It begins on the right.
    pub(super) is_rtl: bool,
}

/// Letters of one font that run one way, from left to right as they are drawn.
struct Run {
    face: usize,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width_em: f32,
}

impl<'f> Fonts<'f> {
    /// Those in the program, and those of files of the system.
    pub(super) fn load(files: &'f [SystemFile]) -> Self {
        let mut faces = faces::embedded();
        let embedded = faces.len();
        faces.extend(files.iter().flat_map(SystemFile::faces));
        Self { faces, embedded }
    }

    /// Letters and digits of a text that no font has.
    pub(super) fn lacking(&self, text: &str) -> BTreeSet<char> {
        let is_absent = |letter: &char| letter.is_alphanumeric() && self.face_of(*letter, None).is_none();
        text.chars().filter(is_absent).collect()
    }

    /// A text as one line; the first letter with a direction says on which side it begins (UAX #9). Signs that no font
    /// has are left out: a name is a name without them.
    pub(super) fn line(&self, text: &str, way: Way) -> Line {
        let text: String =
            text.chars().filter(|sign| joins(*sign) || self.face_of(*sign, None).is_some()).collect();
        let text = text.trim();
        let bidi = BidiInfo::new(text, None);
        let Some(paragraph) = bidi.paragraphs.first() else {
            return Line { runs: Vec::new(), width_em: 0.0, is_rtl: false };
        };
        let (levels, parts) = bidi.visual_runs(paragraph, paragraph.range.clone());
        let mut runs = Vec::new();
        for part in parts {
            runs.extend(self.part((text, way), part.clone(), levels[part.start]));
        }
        let width_em = runs.iter().map(|run| run.width_em).sum();
        Line { runs, width_em, is_rtl: paragraph.level.is_rtl() }
    }

    /// Letters that run one way, cut where another font is needed.
    fn part(&self, (text, way): (&str, Way), part: Range<usize>, level: Level) -> Vec<Run> {
        let mut cuts: Vec<(usize, Range<usize>)> = Vec::new();
        for (at, letter) in text[part.clone()].char_indices() {
            let (start, end) = (part.start + at, part.start + at + letter.len_utf8());
            match cuts.last_mut() {
                Some((face, range)) if self.goes_on(*face, letter) => range.end = end,
                _ => cuts.push((self.face_of(letter, Some(way)).unwrap_or(0), start..end)),
            }
        }
        if level.is_rtl() {
            cuts.reverse();
        }
        cuts.into_iter().map(|(face, range)| self.run(face, &text[range], level.is_rtl())).collect()
    }

    fn has(&self, face: usize, letter: char) -> bool {
        self.faces[face].shapes.glyph_index(letter).is_some()
    }

    /// Whether a font keeps drawing. The system's have Latin letters too, which look otherwise than ours.
    fn goes_on(&self, face: usize, letter: char) -> bool {
        let is_ours = || (0..self.embedded).any(|ours| self.has(ours, letter));
        joins(letter)
            || self.has(face, letter) && (face < self.embedded || !letter.is_alphanumeric() || !is_ours())
    }

    /// The font of a letter: of those that have it one that writes it in this way, when it matters.
    fn face_of(&self, letter: char, way: Option<Way>) -> Option<usize> {
        let with_it = || (0..self.faces.len()).filter(|face| self.has(*face, letter));
        let first = with_it().next()?;
        if first < self.embedded {
            return Some(first);
        }
        let in_this_way = way.and_then(|way| with_it().find(|face| self.faces[*face].way == Some(way)));
        Some(in_this_way.unwrap_or(first))
    }

    fn run(&self, face: usize, text: &str, is_rtl: bool) -> Run {
        let font = &self.faces[face].shapes;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = rustybuzz::shape(font, &[], buffer);
        let starts: BTreeSet<usize> =
            shaped.glyph_infos().iter().map(|glyph| glyph.cluster as usize).collect();
        let em = font.units_per_em() as f32;
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(glyph, place)| {
            let start = glyph.cluster as usize;
            let end = starts.range(start + 1..).next().copied().unwrap_or(text.len());
            let of_em = |units: i32| units as f32 / em;
            let (across, down) = (of_em(place.x_advance), of_em(place.y_advance));
            let (right, up) = (of_em(place.x_offset), of_em(place.y_offset));
            KrillaGlyph::new(GlyphId::new(glyph.glyph_id), across, right, up, down, start..end, None)
        });
        let glyphs: Vec<KrillaGlyph> = glyphs.collect();
        let width_em = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { face, text: text.to_owned(), glyphs, width_em }
    }
}

/// Signs that only say how letters beside them join (Unicode's Join_Control): no font has to have them.
const fn joins(sign: char) -> bool {
    matches!(sign, '\u{200C}' | '\u{200D}')
}

impl Line {
    /// How wide it is at a size; the same unit.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.width_em * size
    }

    /// The largest size up to `size` at which it is at most so wide.
    pub(super) fn size_within(&self, width: f32, size: f32) -> f32 {
        if self.width(size) <= width { size } else { width / self.width_em }
    }

    /// Draws it from its left end.
    pub(super) fn draw(&self, on: &mut Surface<'_>, fonts: &Fonts<'_>, (x, y): (f32, f32), size: f32) {
        let mut left = x;
        for run in &self.runs {
            let font = fonts.faces[run.face].drawn.clone();
            on.draw_glyphs(Point::from_xy(left, y), &run.glyphs, font, &run.text, size, false);
            left += run.width_em * size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> (Vec<String>, bool) {
        let line = Fonts::load(&[]).line(text, Way::China);
        (line.runs.into_iter().map(|run| run.text).collect(), line.is_rtl)
    }

    #[test]
    fn each_script_has_its_font_and_its_direction() {
        for text in [
            "Noor Haddad",
            "Zoë Öztürk",
            "Ελένη",
            "Дмитрий",
            "Գայանե",
            "თამარ",
            "नूर",
            "สมชาย",
            "রহিম",
            "தமிழ்",
        ] {
            let fonts = Fonts::load(&[]);
            let line = fonts.line(text, Way::China);
            assert!(!line.is_rtl && line.width_em > 1.0, "{text}");
            let missing =
                line.runs.iter().flat_map(|run| &run.glyphs).filter(|glyph| glyph.glyph_id.to_u32() == 0);
            assert_eq!(missing.count(), 0, "{text}");
        }
        for text in ["نور حداد", "דנה לוי"] {
            let line = Fonts::load(&[]).line(text, Way::China);
            assert!(
                line.is_rtl
                    && line.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.glyph_id.to_u32() != 0)
            );
        }
    }

    #[test]
    fn what_is_mixed_stands_as_people_write_it() {
        let (runs, is_rtl) = texts("نور Haddad");
        assert!(is_rtl);
        assert_eq!(runs, ["Haddad", "نور "], "from left to right, as drawn");
        let (runs, is_rtl) = texts("Noor حداد");
        assert_eq!((runs, is_rtl), (vec!["Noor ".to_owned(), "حداد".to_owned()], false));
    }

    #[test]
    fn arabic_letters_join() {
        let line = Fonts::load(&[]).line("ححح", Way::China);
        let forms: BTreeSet<u32> = line.runs[0].glyphs.iter().map(|glyph| glyph.glyph_id.to_u32()).collect();
        assert_eq!(forms.len(), 3, "the same letter at the beginning, in the middle and at the end");
    }

    #[test]
    fn letters_that_no_font_has_are_named_and_signs_are_left_out() {
        let fonts = Fonts::load(&[]);
        assert_eq!(fonts.lacking("Noor 王小"), BTreeSet::from(['王', '小']));
        assert_eq!(fonts.lacking("Noor 🎉 ♥"), BTreeSet::new());
        assert_eq!(texts("Noor 🎉").0, ["Noor"]);
        assert_eq!(texts("🎉").0, [""; 0]);
    }

    #[test]
    fn names_of_east_asia_are_drawn_with_a_font_of_the_system_in_the_way_of_their_country() {
        let folder = std::path::Path::new(faces::OF_DEBIAN);
        let names = [
            ("山田 はな", Way::Japan),
            ("김민수", Way::Korea),
            ("王小明", Way::China),
            ("骨直", Way::Taiwan),
        ];
        let letters = names.iter().flat_map(|(name, _)| name.chars()).filter(|letter| *letter != ' ');
        let files = faces::of_system(folder, letters.collect());
        assert_eq!(files.len(), 1, "install the Debian package fonts-noto-cjk, as `cargo xtask test` does");
        let fonts = Fonts::load(&files);
        for (name, way) in names {
            let line = fonts.line(name, way);
            let glyphs = || line.runs.iter().flat_map(|run| &run.glyphs);
            assert!(glyphs().count() > 1 && glyphs().all(|glyph| glyph.glyph_id.to_u32() != 0), "{name}");
            assert!(
                line.runs.iter().all(|run| fonts.faces[run.face].way.is_none_or(|face| face == way)),
                "{name}"
            );
        }
        let shape = |way| fonts.line("骨", way).runs[0].glyphs[0].glyph_id.to_u32();
        assert_ne!(shape(Way::China), shape(Way::Japan), "the same letter in another shape");
        let mixed: Vec<String> =
            fonts.line("王小明 Ming Wang", Way::China).runs.into_iter().map(|run| run.text).collect();
        assert_eq!(mixed, ["王小明 ", "Ming Wang"], "Latin letters are ours");
    }

    #[test]
    fn a_long_line_gets_smaller() {
        let fonts = Fonts::load(&[]);
        let line = fonts.line("Wolfeschlegelsteinhausenbergerdorff", Way::China);
        let size = line.size_within(200.0, 24.0);
        assert!(size < 24.0 && line.width(size) <= 200.1);
        assert!((fonts.line("Noor", Way::China).size_within(200.0, 24.0) - 24.0).abs() < f32::EPSILON);
    }
}
