//! Badges on sheets of A4: two columns of four, to be cut along their lines.

use krilla::Document;
use krilla::color::rgb;
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use qrcode::{Color, EcLevel, QrCode};

use super::letters::{Fonts, Line};

/// Points of a PDF in a millimetre.
const MM: f32 = 72.0 / 25.4;
const PAGE_WIDTH: f32 = 210.0 * MM;
const PAGE_HEIGHT: f32 = 297.0 * MM;
const COLUMNS: usize = 2;
const ROWS: usize = 4;
/// As large as the holders that are sold most.
const WIDTH: f32 = 90.0 * MM;
const HEIGHT: f32 = 65.0 * MM;
const MARGIN: f32 = 5.0 * MM;
/// A phone reads a ticket's code from arm's length.
const QR_SIDE: f32 = 28.0 * MM;
/// Around a code nothing is dark for so many modules (ISO/IEC 18004).
const QUIET: usize = 4;
const INK: (u8, u8, u8) = (21, 33, 29);
const SOFT: (u8, u8, u8) = (75, 88, 83);

/// What one badge has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Badge {
    pub(super) name: String,
    /// Empty when it is not known.
    pub(super) organisation: String,
    pub(super) role: String,
    /// What the code has.
    pub(super) ticket: String,
}

/// A text, how large it may be and has to be, and how dark it is.
struct Words {
    line: Line,
    size: f32,
    least: f32,
    colour: (u8, u8, u8),
}

/// All badges as one PDF.
///
/// # Errors
/// When the writer refuses what it was given.
pub(super) fn pdf(title: &str, badges: &[Badge]) -> Result<Vec<u8>, KrillaError> {
    let fonts = Fonts::load();
    let mut document = Document::new();
    for sheet in badges.chunks(COLUMNS * ROWS) {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).expect("A4 has a size");
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for (place, badge) in sheet.iter().enumerate() {
            draw(&mut surface, &fonts, corner(place), title, badge);
        }
        surface.finish();
        page.finish();
    }
    document.finish()
}

/// The upper left corner of a place on the sheet.
fn corner(place: usize) -> (f32, f32) {
    let (column, row) = (place % COLUMNS, place / COLUMNS);
    let beside = (PAGE_WIDTH - WIDTH * COLUMNS as f32) / 2.0;
    let above = (PAGE_HEIGHT - HEIGHT * ROWS as f32) / 2.0;
    (beside + WIDTH * column as f32, above + HEIGHT * row as f32)
}

fn draw(on: &mut Surface<'_>, fonts: &Fonts, (left, top): (f32, f32), title: &str, badge: &Badge) {
    frame(on, left, top);
    let words = |text: &str, size, least, colour| Words { line: fonts.line(text), size, least, colour };
    let (x, width) = (left + MARGIN, WIDTH - 2.0 * MARGIN);
    put(on, fonts, &words(title, 9.0, 5.0, SOFT), (x, top + 8.0 * MM, width));
    let mut y = top + 20.0 * MM;
    let names = lines_of(fonts, &badge.name, width);
    let is_rtl = names.first().is_some_and(|line| line.is_rtl);
    for line in names {
        put(on, fonts, &Words { line, size: 24.0, least: 7.0, colour: INK }, (x, y, width));
        y += 9.0 * MM;
    }
    // The code stands where the lines below the name end.
    let beside = width - QR_SIDE - 2.0 * MM;
    let text_x = if is_rtl { x + width - beside } else { x };
    let code_x = if is_rtl { left + MARGIN / 2.0 } else { left + WIDTH - MARGIN / 2.0 - QR_SIDE };
    put(on, fonts, &words(&badge.organisation, 12.0, 6.0, SOFT), (text_x, top + 44.0 * MM, beside));
    put(on, fonts, &words(&badge.role, 12.0, 6.0, INK), (text_x, top + 56.0 * MM, beside));
    code(on, &badge.ticket, (code_x, top + HEIGHT - MARGIN / 2.0 - QR_SIDE));
}

/// A line that begins where its script does, within so much room.
fn put(on: &mut Surface<'_>, fonts: &Fonts, words: &Words, (x, y, width): (f32, f32, f32)) {
    let size = words.line.size_within(width, words.size, words.least);
    let left = if words.line.is_rtl { x + width - words.line.width(size) } else { x };
    on.set_stroke(None);
    on.set_fill(Some(fill(words.colour)));
    words.line.draw(on, fonts, (left, y), size);
}

/// A name in one line, or in two of about the same width when one would be small.
fn lines_of(fonts: &Fonts, name: &str, width: f32) -> Vec<Line> {
    const ONE_LINE_LEAST: f32 = 17.0;
    let whole = fonts.line(name);
    let middle = name.chars().count() / 2;
    let spaces = name.char_indices().enumerate().filter(|(_, (_, letter))| *letter == ' ');
    let cut = spaces.min_by_key(|(count, _)| count.abs_diff(middle)).map(|(_, (at, _))| at);
    match cut {
        Some(at) if whole.width(ONE_LINE_LEAST) > width => {
            vec![fonts.line(name[..at].trim()), fonts.line(name[at..].trim())]
        }
        _ => vec![whole],
    }
}

/// Where it is cut.
fn frame(on: &mut Surface<'_>, left: f32, top: f32) {
    let Some(path) = rectangles([(left, top, WIDTH, HEIGHT)]) else { return };
    on.set_fill(None);
    on.set_stroke(Some(Stroke {
        paint: rgb::Color::new(200, 200, 200).into(),
        width: 0.3,
        ..Stroke::default()
    }));
    on.draw_path(&path);
}

/// A ticket's code with its quiet zone.
fn code(on: &mut Surface<'_>, ticket: &str, (left, top): (f32, f32)) {
    let Ok(code) = QrCode::with_error_correction_level(ticket, EcLevel::M) else { return };
    let (modules, colours) = (code.width(), code.to_colors());
    let side = QR_SIDE / (modules + 2 * QUIET) as f32;
    let at = |place: usize| (place + QUIET) as f32 * side;
    let mut dark = Vec::new();
    for (row, line) in colours.chunks(modules).enumerate() {
        let mut from = 0;
        for same in line.chunk_by(|one, next| one == next) {
            if same[0] == Color::Dark {
                dark.push((left + at(from), top + at(row), side * same.len() as f32, side));
            }
            from += same.len();
        }
    }
    let Some(path) = rectangles(dark) else { return };
    on.set_stroke(None);
    on.set_fill(Some(fill(INK)));
    on.draw_path(&path);
}

fn rectangles(all: impl IntoIterator<Item = (f32, f32, f32, f32)>) -> Option<Path> {
    let mut path = PathBuilder::new();
    let rectangles = all.into_iter().filter_map(|(x, y, width, height)| Rect::from_xywh(x, y, width, height));
    rectangles.for_each(|rectangle| path.push_rect(rectangle));
    path.finish()
}

fn fill((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge(name: &str) -> Badge {
        let ticket = format!("PLT1.{}.{}", "A".repeat(43), "B".repeat(86));
        Badge { name: name.into(), organisation: "Harbour Lab".into(), role: "Speaker".into(), ticket }
    }

    #[test]
    fn as_many_sheets_as_needed() {
        let names = [
            "Noor Haddad",
            "نور حداد",
            "Дмитрий Иванов",
            "Wolfeschlegelsteinhausenbergerdorff von und zu Ahrensburg",
        ];
        let badges: Vec<Badge> =
            names.iter().cycle().take(COLUMNS * ROWS + 1).map(|name| badge(name)).collect();
        let file = pdf("Open Futures 2026", &badges).unwrap();
        assert!(file.starts_with(b"%PDF-1."));
        assert!(file.len() < 200_000, "only glyphs that are used are embedded: {} bytes", file.len());
        let pages = file
            .windows(b"/Type /Page\n".len())
            .filter(|part| part.starts_with(b"/Type /Page") && part[11] != b's');
        assert_eq!(pages.count(), 2);
    }

    #[test]
    fn every_place_is_on_the_sheet() {
        for place in 0..COLUMNS * ROWS {
            let (left, top) = corner(place);
            assert!(left >= 0.0 && left + WIDTH <= PAGE_WIDTH && top >= 0.0 && top + HEIGHT <= PAGE_HEIGHT);
        }
    }

    #[test]
    fn a_long_name_stands_in_two_lines() {
        let fonts = Fonts::load();
        assert_eq!(lines_of(&fonts, "Noor Haddad", WIDTH).len(), 1);
        assert_eq!(lines_of(&fonts, "Maria Magdalena von Habsburg-Lothringen", WIDTH).len(), 2);
        assert_eq!(lines_of(&fonts, "Wolfeschlegelsteinhausenbergerdorffwelche", WIDTH).len(), 1);
    }
}
