//! Pages of a list, and its order.

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The page's number, from 1.
    pub number: u32,
    /// Rows on a page, at most 100.
    pub per_page: u32,
}

impl Page {
    /// The most rows that a page may have.
    pub const PER_PAGE_MAX: u32 = 100;

    /// A page within the bounds: the first is 1, a page has 1 to 100 rows.
    pub fn new(number: u32, per_page: u32) -> Self {
        Self { number: number.max(1), per_page: per_page.clamp(1, Self::PER_PAGE_MAX) }
    }

    /// Rows on the page.
    pub(crate) fn limit(self) -> i64 {
        i64::from(self.per_page)
    }

    /// Rows before the page.
    pub(crate) fn offset(self) -> i64 {
        i64::from(self.number - 1) * i64::from(self.per_page)
    }
}

impl Default for Page {
    /// The first 25.
    fn default() -> Self {
        Self::new(1, 25)
    }
}

/// One page, and how many rows the whole list has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The page's rows.
    pub items: Vec<T>,
    /// Rows of the whole list.
    pub total: u64,
}

/// A sort order that a list knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    column: &'static str,
    descending: bool,
}

/// The list cannot be sorted by this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot sort by {asked:?}; known are {}", known.join(", "))]
pub struct UnknownSort {
    /// What was asked for.
    pub asked: String,
    /// What the list can be sorted by.
    pub known: Vec<&'static str>,
}

/// What a list can be sorted by: the name in requests, and the column.
pub(crate) type Sorts = &'static [(&'static str, &'static str)];

impl Order {
    /// Reads `name` or `-name` (descending) for a list that can be sorted by `sorts`.
    pub(crate) fn read(text: &str, sorts: Sorts) -> Result<Self, UnknownSort> {
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        match sorts.iter().find(|(known, _)| *known == name) {
            Some((_, column)) => Ok(Self { column, descending }),
            None => Err(UnknownSort {
                asked: text.to_owned(),
                known: sorts.iter().map(|(known, _)| *known).collect(),
            }),
        }
    }

    /// The first of `sorts`, ascending.
    pub(crate) fn first(sorts: Sorts) -> Self {
        Self { column: sorts[0].1, descending: false }
    }

    /// The clauses that end a list's statement: rows that compare equal keep one order through all pages.
    pub(crate) fn clause(self, limit: u32) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        format!(" ORDER BY {} {direction}, id {direction} LIMIT ${limit} OFFSET ${}", self.column, limit + 1)
    }
}
