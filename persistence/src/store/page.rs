//! Lists that are read in pages, and their orders.

use super::connection::Connection;
use super::query::{Query, Readable};
use super::{StoreError, query::query};

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

/// A list that is read in pages.
pub(crate) struct List {
    /// The statement for all rows, without an order. Every row has an `id`.
    pub(crate) rows: &'static str,
    /// Its orders; the first is the usual one.
    pub(crate) sorts: Sorts,
}

/// A list with the values that its rows are chosen by.
pub(crate) struct Chosen {
    list: &'static List,
    rows: Query,
}

impl List {
    /// Reads `name` or `-name` (descending).
    pub(crate) fn order(&self, text: &str) -> Result<Order, UnknownSort> {
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        match self.sorts.iter().find(|(known, _)| *known == name) {
            Some((_, column)) => Ok(Order { column, descending }),
            None => Err(UnknownSort {
                asked: text.to_owned(),
                known: self.sorts.iter().map(|(known, _)| *known).collect(),
            }),
        }
    }

    /// The rows for which `choose` binds the values.
    pub(crate) fn chosen(&'static self, choose: impl FnOnce(Query) -> Query) -> Chosen {
        Chosen { list: self, rows: choose(query(self.rows)) }
    }

    /// The statement for one page, after so many values.
    pub(crate) fn page_sql(&self, order: Order, values: usize) -> String {
        format!("{}{}", self.rows, order.clause(values + 1))
    }

    /// The statement for the number of rows.
    pub(crate) fn count_sql(&self) -> String {
        format!("SELECT COUNT(*) FROM ({}) AS listed", self.rows)
    }
}

impl Chosen {
    /// One page, and how many rows there are; by the list's usual order when there is none.
    pub(crate) async fn page<'c, T: Readable>(
        self,
        order: Option<Order>,
        page: Page,
        on: impl Fn() -> Connection<'c>,
    ) -> Result<Listed<T>, StoreError> {
        let Self { list, rows } = self;
        let order = order.unwrap_or(Order { column: list.sorts[0].1, descending: false });
        let values = rows.into_values();
        let rows = Query::of_parts(list.page_sql(order, values.len())).bind_all(values.clone());
        let items = rows.bind(page.limit()).bind(page.offset()).all(on()).await?;
        let count = Query::of_parts(list.count_sql()).bind_all(values);
        let (total,): (i64,) = count.one(on()).await?;
        Ok(Listed { items, total: total.cast_unsigned() })
    }
}

impl Order {
    /// The clauses that end a list's statement: rows that compare equal keep one order through all pages, and what has
    /// no value comes first on every database.
    fn clause(self, limit: usize) -> String {
        let direction = if self.descending { "DESC NULLS LAST" } else { "ASC NULLS FIRST" };
        format!(" ORDER BY {} {direction}, id {direction} LIMIT ${limit} OFFSET ${}", self.column, limit + 1)
    }
}
