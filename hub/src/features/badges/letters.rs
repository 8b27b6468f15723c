//! Text in many scripts as glyphs: which font has it, which way it runs, how its letters join.

use std::collections::BTreeSet;
use std::ops::Range;

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

/// The first one has most of what is written; each other has a script of its own.
const FILES: [&[u8]; 9] = [
    include_bytes!("fonts/NotoSans-Bold.ttf"),
    include_bytes!("fonts/NotoSansArabic-Bold.ttf"),
    include_bytes!("fonts/NotoSansHebrew-Bold.ttf"),
    include_bytes!("fonts/NotoSansArmenian-Bold.ttf"),
    include_bytes!("fonts/NotoSansGeorgian-Bold.ttf"),
    include_bytes!("fonts/NotoSansDevanagari-Bold.ttf"),
    include_bytes!("fonts/NotoSansThai-Bold.ttf"),
    include_bytes!("fonts/NotoSansBengali-Bold.ttf"),
    include_bytes!("fonts/NotoSansTamil-Bold.ttf"),
];

/// The fonts, ready to shape and to be embedded. Only glyphs that are used get into a file.
pub(super) struct Fonts(Vec<Face>);

struct Face {
    shapes: rustybuzz::Face<'static>,
    drawn: Font,
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

impl Fonts {
    pub(super) fn load() -> Self {
        let face = |file: &'static [u8]| {
            let shapes = rustybuzz::Face::from_slice(file, 0).expect("the fonts in this folder can be read");
            let drawn = Font::new(file.into(), 0).expect("the fonts in this folder can be read");
            Face { shapes, drawn }
        };
        Self(FILES.map(face).into())
    }

    /// A text as one line; the first letter with a direction says on which side it begins (UAX #9).
    pub(super) fn line(&self, text: &str) -> Line {
        let bidi = BidiInfo::new(text, None);
        let Some(paragraph) = bidi.paragraphs.first() else {
            return Line { runs: Vec::new(), width_em: 0.0, is_rtl: false };
        };
        let (levels, parts) = bidi.visual_runs(paragraph, paragraph.range.clone());
        let mut runs = Vec::new();
        for part in parts {
            runs.extend(self.part(text, part.clone(), levels[part.start]));
        }
        let width_em = runs.iter().map(|run| run.width_em).sum();
        Line { runs, width_em, is_rtl: paragraph.level.is_rtl() }
    }

    /// Letters that run one way, cut where another font is needed.
    fn part(&self, text: &str, part: Range<usize>, level: Level) -> Vec<Run> {
        let mut cuts: Vec<(usize, Range<usize>)> = Vec::new();
        for (at, letter) in text[part.clone()].char_indices() {
            let (start, end) = (part.start + at, part.start + at + letter.len_utf8());
            match cuts.last_mut() {
                Some((face, range)) if self.has(*face, letter) => range.end = end,
                _ => cuts.push((self.face_of(letter), start..end)),
            }
        }
        if level.is_rtl() {
            cuts.reverse();
        }
        cuts.into_iter().map(|(face, range)| self.run(face, &text[range], level.is_rtl())).collect()
    }

    fn has(&self, face: usize, letter: char) -> bool {
        self.0[face].shapes.glyph_index(letter).is_some()
    }

    fn face_of(&self, letter: char) -> usize {
        (0..self.0.len()).find(|face| self.has(*face, letter)).unwrap_or(0)
    }

    fn run(&self, face: usize, text: &str, is_rtl: bool) -> Run {
        let font = &self.0[face].shapes;
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
    pub(super) fn draw(&self, on: &mut Surface<'_>, fonts: &Fonts, (x, y): (f32, f32), size: f32) {
        let mut left = x;
        for run in &self.runs {
            let font = fonts.0[run.face].drawn.clone();
            on.draw_glyphs(Point::from_xy(left, y), &run.glyphs, font, &run.text, size, false);
            left += run.width_em * size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> (Vec<String>, bool) {
        let line = Fonts::load().line(text);
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
            let fonts = Fonts::load();
            let line = fonts.line(text);
            assert!(!line.is_rtl && line.width_em > 1.0, "{text}");
            let missing =
                line.runs.iter().flat_map(|run| &run.glyphs).filter(|glyph| glyph.glyph_id.to_u32() == 0);
            assert_eq!(missing.count(), 0, "{text}");
        }
        for text in ["نور حداد", "דנה לוי"] {
            let line = Fonts::load().line(text);
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
        let line = Fonts::load().line("ححح");
        let forms: BTreeSet<u32> = line.runs[0].glyphs.iter().map(|glyph| glyph.glyph_id.to_u32()).collect();
        assert_eq!(forms.len(), 3, "the same letter at the beginning, in the middle and at the end");
    }

    #[test]
    fn a_long_line_gets_smaller() {
        let fonts = Fonts::load();
        let line = fonts.line("Wolfeschlegelsteinhausenbergerdorff");
        let size = line.size_within(200.0, 24.0);
        assert!(size < 24.0 && line.width(size) <= 200.1);
        assert!((fonts.line("Noor").size_within(200.0, 24.0) - 24.0).abs() < f32::EPSILON);
    }
}
