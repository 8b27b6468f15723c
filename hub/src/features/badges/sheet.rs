//! Badges on sheets of A4: two columns of four, to be cut along their lines.

use std::collections::BTreeSet;
use std::path::PathBuf;

use krilla::Document;
use krilla::color::rgb;
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use plenum_domain::Id;
use qrcode::{Color, EcLevel, QrCode};

use super::faces::{self, Way};
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
    /// Whose it is.
    pub(super) participant: Id,
    pub(super) name: String,
    /// What they read best.
    pub(super) language: Option<String>,
    /// Empty when it is not known.
    pub(super) organisation: String,
    pub(super) role: String,
    /// What the code has.
    pub(super) ticket: String,
}

/// Room for a text: its left end, the first line's base, how wide it is, and on which side lines begin.
#[derive(Clone, Copy)]
struct Room {
    x: f32,
    y: f32,
    width: f32,
    is_rtl: bool,
}

/// A text, and how letters are written that countries write otherwise.
#[derive(Clone, Copy)]
struct Words<'a> {
    text: &'a str,
    way: Way,
}

/// How large letters are at most, from which size on two lines are better than one, and how dark they are.
struct Look {
    size: f32,
    two_lines_under: f32,
    colour: (u8, u8, u8),
}

const TITLE: Look = Look { size: 9.0, two_lines_under: 0.0, colour: SOFT };
const NAME: Look = Look { size: 24.0, two_lines_under: 17.0, colour: INK };
const ORGANISATION: Look = Look { size: 12.0, two_lines_under: 9.0, colour: SOFT };
const ROLE: Look = Look { size: 12.0, two_lines_under: 0.0, colour: INK };
/// What is longer is cut: nobody reads it from a badge.
const CHARS_MAX: usize = 90;

/// Letters that no font has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undrawable {
    /// The letters.
    pub(super) letters: BTreeSet<char>,
    /// Whose badges have them; nobody's when only the conference's title does.
    pub(super) people: Vec<(Id, String)>,
}

/// Why there is no PDF.
#[derive(Debug)]
pub(super) enum SheetFailure {
    /// There are letters that no font has.
    Letters(Undrawable),
    /// The writer refuses what it was given.
    Writer(KrillaError),
}

/// Badges to draw, with the folder of the system's fonts.
pub(super) struct Order {
    pub(super) title: String,
    pub(super) badges: Vec<Badge>,
    pub(super) fonts: PathBuf,
    /// Leaves out who cannot be drawn, rather than draw nobody.
    pub(super) leaves_out: bool,
}

/// All badges as one PDF.
///
/// # Errors
/// When a letter cannot be drawn, or the writer refuses what it was given.
pub(super) fn pdf(mut order: Order) -> Result<Vec<u8>, SheetFailure> {
    let ours = Fonts::load(&[]);
    let texts = order.badges.iter().flat_map(Badge::texts).chain([order.title.as_str()]);
    let files = faces::of_system(&order.fonts, texts.flat_map(|text| ours.lacking(text)).collect());
    let fonts = Fonts::load(&files);
    let undrawable = undrawable(&fonts, &order);
    let is_whole = undrawable.letters.is_empty();
    if !(is_whole || order.leaves_out && undrawable.people.len() < order.badges.len()) {
        return Err(SheetFailure::Letters(undrawable));
    }
    order.badges.retain(|badge| undrawable.people.iter().all(|(id, _)| *id != badge.participant));
    drawn(&fonts, &order.title, &order.badges).map_err(SheetFailure::Writer)
}

fn undrawable(fonts: &Fonts<'_>, order: &Order) -> Undrawable {
    let mut letters = fonts.lacking(&order.title);
    let mut people = Vec::new();
    for badge in &order.badges {
        let lacking: BTreeSet<char> = badge.texts().flat_map(|text| fonts.lacking(text)).collect();
        if !lacking.is_empty() {
            people.push((badge.participant, badge.name.clone()));
            letters.extend(lacking);
        }
    }
    Undrawable { letters, people }
}

impl Badge {
    /// What people wrote on it.
    fn texts(&self) -> impl Iterator<Item = &str> {
        [self.name.as_str(), self.organisation.as_str()].into_iter()
    }
}

fn drawn(fonts: &Fonts<'_>, title: &str, badges: &[Badge]) -> Result<Vec<u8>, KrillaError> {
    let mut document = Document::new();
    for sheet in badges.chunks(COLUMNS * ROWS) {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).expect("A4 has a size");
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for (place, badge) in sheet.iter().enumerate() {
            draw(&mut surface, fonts, corner(place), title, badge);
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

fn draw(on: &mut Surface<'_>, fonts: &Fonts<'_>, (left, top): (f32, f32), title: &str, badge: &Badge) {
    frame(on, left, top);
    let language = badge.language.as_deref();
    let is_rtl = fonts.line(&badge.name, Way::of(&badge.name, language)).is_rtl;
    // A title or an organisation is written as their own letters tell, else as the name's bearer writes.
    let words = |text| Words { text, way: Way::of(text, language) };
    let whole = Room { x: left + MARGIN, y: top + 8.0 * MM, width: WIDTH - 2.0 * MARGIN, is_rtl };
    // The code stands where the lines below the name end.
    let width = whole.width - QR_SIDE - 2.0 * MM;
    let beside = Room { x: if is_rtl { whole.x + whole.width - width } else { whole.x }, width, ..whole };
    let code_x = if is_rtl { left + MARGIN / 2.0 } else { left + WIDTH - MARGIN / 2.0 - QR_SIDE };
    put(on, fonts, words(title), &TITLE, whole);
    put(on, fonts, words(&badge.name), &NAME, Room { y: top + 20.0 * MM, ..whole });
    put(on, fonts, words(&badge.organisation), &ORGANISATION, Room { y: top + 41.0 * MM, ..beside });
    put(on, fonts, words(&badge.role), &ROLE, Room { y: top + 56.0 * MM, ..beside });
    code(on, &badge.ticket, (code_x, top + HEIGHT - MARGIN / 2.0 - QR_SIDE));
}

/// A text in one size, as large as its room allows.
fn put(on: &mut Surface<'_>, fonts: &Fonts<'_>, words: Words<'_>, look: &Look, room: Room) {
    let lines = lines_of(fonts, words, look, room.width);
    let size = lines.iter().map(|line| line.size_within(room.width, look.size)).fold(look.size, f32::min);
    on.set_stroke(None);
    on.set_fill(Some(fill(look.colour)));
    let mut y = room.y;
    for line in lines {
        let left = if room.is_rtl { room.x + room.width - line.width(size) } else { room.x };
        line.draw(on, fonts, (left, y), size);
        y += size * 1.25;
    }
}

/// A text in one line, or in two of about the same length when one would be small.
fn lines_of(fonts: &Fonts<'_>, Words { text, way }: Words<'_>, look: &Look, width: f32) -> Vec<Line> {
    let cut: String = text.chars().take(CHARS_MAX).collect();
    let text = if cut.len() < text.len() { format!("{}…", cut.trim_end()) } else { cut };
    let whole = fonts.line(&text, way);
    let middle = text.chars().count() / 2;
    let spaces = text.char_indices().enumerate().filter(|(_, (_, letter))| *letter == ' ');
    let space = spaces.min_by_key(|(count, _)| count.abs_diff(middle)).map(|(_, (at, _))| at);
    match space {
        Some(at) if whole.width(look.two_lines_under) > width => {
            vec![fonts.line(text[..at].trim(), way), fonts.line(text[at..].trim(), way)]
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
        let (organisation, role) = ("Harbour Lab".to_owned(), "Speaker".to_owned());
        let participant = Id::from_bits(name.chars().map(|letter| u128::from(u32::from(letter))).sum());
        Badge { participant, name: name.into(), language: None, organisation, role, ticket }
    }

    fn order(badges: Vec<Badge>, fonts: &str) -> Order {
        Order { title: "Open Futures 2026".into(), badges, fonts: fonts.into(), leaves_out: false }
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
        let file = pdf(order(badges, "none")).unwrap();
        assert!(file.starts_with(b"%PDF-1."));
        assert!(file.len() < 200_000, "only glyphs that are used are embedded: {} bytes", file.len());
        let pages = b"/Type/Pages/Count 2/";
        assert!(file.windows(pages.len()).any(|part| part == pages));
    }

    fn words(text: &str) -> Words<'_> {
        Words { text, way: Way::China }
    }

    #[test]
    fn whose_letters_no_font_has_is_told_and_can_be_left_out() {
        let badges = || ["Noor", "王小明", "김민수"].map(badge).to_vec();
        let Err(SheetFailure::Letters(told)) = pdf(order(badges(), "none")) else {
            panic!("there is no font")
        };
        let names: Vec<&str> = told.people.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["王小明", "김민수"]);
        assert!(told.letters.contains(&'明') && told.letters.len() == 6, "{told:?}");
        assert!(pdf(Order { leaves_out: true, ..order(badges(), "none") }).is_ok());
        let nobody = Order { leaves_out: true, ..order(badges()[1..].to_vec(), "none") };
        assert!(matches!(pdf(nobody), Err(SheetFailure::Letters(_))), "nobody would be left");
    }

    #[test]
    fn five_hundred_names_of_east_asia_make_a_small_file() {
        let letters: Vec<char> = "王小明李山田김민수陈静高桥恵子박서준林志玲鈴木一郎".chars().collect();
        let name =
            |at: usize| (0..3).map(|place| letters[(at * 7 + place * 5) % letters.len()]).collect::<String>();
        let badges: Vec<Badge> = (0..500).map(|at| badge(&name(at))).collect();
        let file = pdf(order(badges, faces::OF_DEBIAN)).unwrap();
        assert!(file.len() < 4_000_000, "only glyphs that are used are embedded: {} bytes", file.len());
    }

    #[test]
    fn every_place_is_on_the_sheet() {
        for place in 0..COLUMNS * ROWS {
            let (left, top) = corner(place);
            assert!(left >= 0.0 && left + WIDTH <= PAGE_WIDTH && top >= 0.0 && top + HEIGHT <= PAGE_HEIGHT);
        }
    }

    #[test]
    fn what_is_too_long_gets_smaller_and_is_cut() {
        let fonts = Fonts::load(&[]);
        let lines = lines_of(&fonts, words(&"harbour ".repeat(40)), &ORGANISATION, WIDTH);
        assert!(lines.iter().all(|line| line.size_within(WIDTH, 12.0) > 5.0), "it can be read");
    }

    #[test]
    fn a_long_name_stands_in_two_lines() {
        let fonts = Fonts::load(&[]);
        let lines = |text: &str| lines_of(&fonts, words(text), &NAME, WIDTH);
        assert_eq!(lines("Noor Haddad").len(), 1);
        assert_eq!(lines("Maria Magdalena von Habsburg-Lothringen").len(), 2);
        assert_eq!(lines("Wolfeschlegelsteinhausenbergerdorffwelche").len(), 1);
        assert_eq!(lines("").len(), 1);
    }
}
