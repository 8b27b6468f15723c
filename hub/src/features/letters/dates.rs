//! Days as the languages of letters write them.

use jiff::civil::Date;

use super::Language;

/// Months in the order of [`Language`]; Arabic with the names that most of its readers know.
const MONTHS: [[&str; 12]; 5] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
        "Aralık",
    ],
    [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
];

/// The days from one to another, both `YYYY-MM-DD`; what is no day stays as it is.
pub(super) fn span(language: Language, first: &str, last: &str) -> String {
    let day = |raw: &str| raw.parse::<Date>().map_or_else(|_| raw.to_owned(), |day| written(language, day));
    if first == last { day(first) } else { format!("{} – {}", day(first), day(last)) }
}

fn written(language: Language, day: Date) -> String {
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    let month = MONTHS[language as usize][month];
    let number = match (language, day.day()) {
        (Language::De, number) => format!("{number}."),
        (Language::Fr, 1) => "1er".to_owned(),
        (_, number) => number.to_string(),
    };
    format!("{number} {month} {}", day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_language_does() {
        for (language, expected) in [
            (Language::En, "1 March 2026 – 22 November 2026"),
            (Language::Tr, "1 Mart 2026 – 22 Kasım 2026"),
            (Language::Ar, "1 مارس 2026 – 22 نوفمبر 2026"),
            (Language::De, "1. März 2026 – 22. November 2026"),
            (Language::Fr, "1er mars 2026 – 22 novembre 2026"),
        ] {
            assert_eq!(span(language, "2026-03-01", "2026-11-22"), expected);
        }
        assert_eq!(span(Language::En, "2026-03-01", "2026-03-01"), "1 March 2026");
    }
}
