//! The fonts of badges: a few that are in the program, and those of the system's folder for letters that these lack.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;
use rustybuzz::ttf_parser::{self, name_id};

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
/// A folder may have hundreds; those that are looked at first are the likeliest.
const FILES_MAX: usize = 40;
/// Larger ones are none that people put on a badge.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Where tests find a font for East Asia: Debian's package `fonts-noto-cjk`.
#[cfg(test)]
pub(super) const OF_DEBIAN: &str = "/usr/share/fonts/opentype/noto";

/// A font file that was read from the system's folder.
pub(super) struct SystemFile(Arc<Vec<u8>>);

/// One font, ready to shape and to be embedded. Only glyphs that are used get into a file.
pub(super) struct Face<'f> {
    pub(super) shapes: rustybuzz::Face<'f>,
    pub(super) drawn: Font,
    /// How it writes letters that several countries write otherwise.
    pub(super) way: Option<Way>,
}

/// Countries that write the same Chinese characters in shapes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Japan,
    Korea,
    China,
    Taiwan,
    HongKong,
}

impl Way {
    /// How whoever has this name and reads this language writes it: kana and Hangul tell it, else the language.
    pub(super) fn of(text: &str, language: Option<&str>) -> Self {
        let has = |ranges: &[(u32, u32)]| {
            text.chars().any(|c| ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c))))
        };
        if has(&[(0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)]) {
            return Self::Japan;
        }
        if has(&[(0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)]) {
            return Self::Korea;
        }
        let language = language.unwrap_or_default().to_ascii_lowercase();
        let parts: Vec<&str> = language.split('-').collect();
        match parts.first().copied().unwrap_or_default() {
            "ja" => Self::Japan,
            "ko" => Self::Korea,
            _ if parts.contains(&"hk") || parts.contains(&"mo") => Self::HongKong,
            _ if parts.contains(&"tw") || parts.contains(&"hant") => Self::Taiwan,
            _ => Self::China,
        }
    }

    /// What a font says of itself: `Noto Sans CJK JP`.
    fn of_font(family: &str) -> Option<Self> {
        match family.split(' ').next_back()? {
            "JP" => Some(Self::Japan),
            "KR" => Some(Self::Korea),
            "SC" => Some(Self::China),
            "TC" => Some(Self::Taiwan),
            "HK" => Some(Self::HongKong),
            _ => None,
        }
    }
}

/// The fonts that are in the program.
pub(super) fn embedded<'f>() -> Vec<Face<'f>> {
    let face = |file: &'static [u8]| Face {
        shapes: rustybuzz::Face::from_slice(file, 0).expect("the fonts in this folder can be read"),
        drawn: Font::new(file.into(), 0).expect("the fonts in this folder can be read"),
        way: None,
    };
    FILES.map(face).into()
}

/// Reads files of a folder until all letters are in one of them; without such a folder, none.
pub(super) fn of_system(folder: &Path, mut wanted: BTreeSet<char>) -> Vec<SystemFile> {
    let mut files = Vec::new();
    for path in likeliest_first(folder) {
        if wanted.is_empty() {
            break;
        }
        let Some(file) = read(&path) else { continue };
        let had = wanted.len();
        for face in file.faces() {
            wanted.retain(|letter| face.shapes.glyph_index(*letter).is_none());
        }
        if wanted.len() < had {
            files.push(file);
        }
    }
    files
}

fn read(path: &Path) -> Option<SystemFile> {
    let is_small = std::fs::metadata(path).is_ok_and(|about| about.len() <= FILE_BYTES_MAX);
    let bytes = is_small.then(|| std::fs::read(path));
    match bytes? {
        Ok(bytes) => Some(SystemFile(Arc::new(bytes))),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a font cannot be read");
            None
        }
    }
}

/// Bold ones without serifs, as those in the program are; then others.
fn likeliest_first(folder: &Path) -> Vec<PathBuf> {
    let is_font = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.filter(is_font).collect();
    files.sort_by_cached_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        (!name.contains("bold"), name.contains("serif"), name.contains("mono"), name)
    });
    files.truncate(FILES_MAX);
    files
}

impl SystemFile {
    /// Its fonts; a collection has several. Those whose letters all have one width are left out.
    pub(super) fn faces(&self) -> Vec<Face<'_>> {
        let count = ttf_parser::fonts_in_collection(&self.0).unwrap_or(1);
        (0..count).filter_map(|index| self.face(index)).collect()
    }

    fn face(&self, index: u32) -> Option<Face<'_>> {
        let shapes = rustybuzz::Face::from_slice(&self.0, index)?;
        let names = shapes.names().into_iter().filter(|name| name.name_id == name_id::FAMILY);
        let family = names.filter_map(|name| name.to_string()).next().unwrap_or_default();
        if family.contains("Mono") {
            return None;
        }
        let drawn = Font::new(Arc::clone(&self.0).into(), index)?;
        Some(Face { shapes, drawn, way: Way::of_font(&family) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_where_its_bearer_comes_from() {
        for (name, language, way) in [
            ("山田 はな", None, Way::Japan),
            ("김 民", Some("en"), Way::Korea),
            ("王小明", None, Way::China),
            ("王小明", Some("zh-Hant-TW"), Way::Taiwan),
            ("王小明", Some("zh-HK"), Way::HongKong),
            ("山田", Some("ja"), Way::Japan),
        ] {
            assert_eq!(Way::of(name, language), way, "{name} {language:?}");
        }
        assert_eq!(Way::of_font("Noto Sans CJK JP"), Some(Way::Japan));
        assert_eq!(Way::of_font("Noto Sans"), None);
    }

    #[test]
    fn a_folder_is_looked_through_with_the_likeliest_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["A-Regular.ttc", "Serif-Bold.otf", "Sans-Bold.TTC", "notes.txt", "Mono-Bold.ttf"] {
            std::fs::write(folder.path().join(name), "no font").unwrap();
        }
        let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let order: Vec<String> = likeliest_first(folder.path()).iter().map(named).collect();
        assert_eq!(order, ["Sans-Bold.TTC", "Mono-Bold.ttf", "Serif-Bold.otf", "A-Regular.ttc"]);
        let wanted = || BTreeSet::from(['王']);
        assert!(of_system(folder.path(), wanted()).is_empty(), "what is no font has no letters");
        assert!(of_system(&folder.path().join("none"), wanted()).is_empty());
    }
}
