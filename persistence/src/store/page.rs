//! Lists that are read in pages, and their orders.

use std::fmt;

use super::StoreError;
use super::connection::Connection;
use super::query::{Query, Readable, query};
use super::value::Value;

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

    /// How many rows the list has, when the page has so many that it must be the last one: nothing has to be counted then.
    pub(crate) fn total_by_end(self, rows: usize) -> Option<u64> {
        let is_end = rows < self.per_page as usize && (rows > 0 || self.number == 1);
        is_end.then(|| self.offset().cast_unsigned() + rows as u64)
    }
}

impl Default for Page {
    /// The first 25.
    fn default() -> Self {
        Self::new(1, 25)
    }
}

/// A page behind so many rows is far: counting the list first, to find it from the nearer end, costs less than walking.
/// Tests have shorter lists.
const FAR: i64 = if cfg!(test) { 20 } else { 1_000 };

/// How the rows of a page are found: from one end of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    limit: i64,
    offset: i64,
    is_from_the_end: bool,
}

impl Walk {
    fn from_the_start(page: Page) -> Self {
        Self { limit: page.limit(), offset: page.offset(), is_from_the_end: false }
    }

    /// From the nearer end of a list with so many rows; none when the page is behind the last one.
    fn of(page: Page, total: u64) -> Option<Self> {
        let behind = total.cast_signed() - page.offset();
        if behind <= 0 {
            return None;
        }
        let limit = behind.min(page.limit());
        let from_the_end = Self { limit, offset: behind - limit, is_from_the_end: true };
        let is_nearer = from_the_end.offset < page.offset();
        Some(if is_nearer { from_the_end } else { Self::from_the_start(page) })
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

/// What rows may be chosen by: a condition with `$#` at the place of each of its values.
pub(crate) type Filter = &'static str;

/// A list that is read in pages.
pub(crate) struct List {
    /// The statement for all rows, without an order. Every row has an `id`.
    pub(crate) rows: &'static str,
    /// Further conditions. Only those that are asked for stand in a statement, so that an index can serve it.
    pub(crate) filters: &'static [Filter],
    /// Its orders; the first is the usual one.
    pub(crate) sorts: Sorts,
    /// For lists that get long: `rows` finds ids, as `found`, in an index alone, and this shows those of a `page`. What
    /// stands before a page is then walked over without a look at its rows.
    pub(crate) shown: Option<&'static str>,
    /// Where it stands how many rows there are, when that is kept; else they are counted.
    pub(crate) kept: Option<Kept>,
}

/// How many rows a list has, without counting them.
pub(crate) struct Kept {
    /// The statement for the number, with the same values as the list's rows.
    pub(crate) count: &'static str,
    /// What the list's filters are here, in their order.
    pub(crate) filters: &'static [Filter],
}

/// A list with the values that its rows are chosen by.
pub(crate) struct Chosen {
    list: &'static List,
    rows: String,
    kept: Option<String>,
    values: Vec<Value>,
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

    /// The rows for which `choose` binds the values of the statement itself.
    pub(crate) fn chosen(&'static self, choose: impl FnOnce(Query) -> Query) -> Chosen {
        let values = choose(query(self.rows)).into_values();
        let kept = self.kept.as_ref().map(|kept| kept.count.to_owned());
        Chosen { list: self, rows: self.rows.to_owned(), kept, values }
    }
}

impl Chosen {
    /// Of them those for which `filter` holds with this value; all when there is none.
    pub(crate) fn only(self, filter: Filter, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(filter, [value.into()]),
            None => self,
        }
    }

    /// Of them those for which `filter` holds with these values.
    pub(crate) fn and<const COUNT: usize>(mut self, filter: Filter, values: [Value; COUNT]) -> Self {
        let place = self.list.filters.iter().position(|known| *known == filter);
        let place = place.expect("a list names all of its filters");
        add(&mut self.rows, filter, self.values.len());
        if let (Some(sql), Some(kept)) = (&mut self.kept, &self.list.kept) {
            add(sql, kept.filters[place], self.values.len());
        }
        self.values.extend(values);
        self
    }

    /// The statement for a page. One that is shown may be found from the end of the list, too.
    pub(crate) fn page_sql(&self, order: Order, is_from_the_end: bool) -> String {
        let (rows, values) = (&self.rows, self.values.len());
        let walked = if is_from_the_end { order.turned() } else { order };
        let part = format!("{rows}{walked} LIMIT ${} OFFSET ${}", values + 1, values + 2);
        match self.list.shown {
            None => part,
            Some(shown) => format!("WITH page AS ({part}) {shown}{order}"),
        }
    }

    /// The statement for how many rows there are.
    pub(crate) fn count_sql(&self) -> String {
        match &self.kept {
            Some(kept) => kept.clone(),
            None => format!("SELECT COUNT(*) FROM ({}) AS listed", self.rows),
        }
    }

    /// One page, and how many rows there are; by the list's usual order when there is none. In a long list a page
    /// behind many rows is found from the nearer end.
    pub(crate) async fn page<'c, T: Readable>(
        self,
        order: Option<Order>,
        page: Page,
        on: impl Fn() -> Connection<'c>,
    ) -> Result<Listed<T>, StoreError> {
        let order = order.unwrap_or(Order { column: self.list.sorts[0].1, descending: false });
        if page.offset() >= FAR && self.list.shown.is_some() {
            let total = self.count(on()).await?;
            let items = match Walk::of(page, total) {
                Some(walk) => self.rows(order, walk, on()).await?,
                None => Vec::new(),
            };
            return Ok(Listed { items, total });
        }
        let items: Vec<T> = self.rows(order, Walk::from_the_start(page), on()).await?;
        let total = match page.total_by_end(items.len()) {
            Some(total) => total,
            None => self.count(on()).await?,
        };
        Ok(Listed { items, total })
    }

    async fn rows<T: Readable>(
        &self,
        order: Order,
        walk: Walk,
        on: Connection<'_>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = Query::of_parts(self.page_sql(order, walk.is_from_the_end)).bind_all(self.values.clone());
        rows.bind(walk.limit).bind(walk.offset).all(on).await
    }

    async fn count(&self, on: Connection<'_>) -> Result<u64, StoreError> {
        let count = Query::of_parts(self.count_sql()).bind_all(self.values.clone());
        let (total,): (i64,) = count.one(on).await?;
        Ok(total.cast_unsigned())
    }
}

/// Adds a condition with its values' places, behind so many values.
fn add(sql: &mut String, filter: Filter, mut values: usize) {
    sql.push_str(" AND ");
    for (n, part) in filter.split("$#").enumerate() {
        if n > 0 {
            values += 1;
            sql.push('$');
            sql.push_str(&values.to_string());
        }
        sql.push_str(part);
    }
}

impl Order {
    /// The same order from its other end.
    const fn turned(self) -> Self {
        Self { descending: !self.descending, ..self }
    }
}

/// The clause that orders a list's rows: those that compare equal keep one order through all pages, and what has no value
/// comes first on every database.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { "DESC NULLS LAST" } else { "ASC NULLS FIRST" };
        write!(f, " ORDER BY {} {direction}, id {direction}", self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_from_the_nearer_end() {
        let walk = |number, total| {
            Walk::of(Page::new(number, 100), total)
                .map(|walk| (walk.limit, walk.offset, walk.is_from_the_end))
        };
        assert_eq!(walk(1, 0), None);
        assert_eq!(walk(3, 200), None, "behind the last one");
        assert_eq!(walk(2, 1_000), Some((100, 100, false)));
        assert_eq!(walk(9, 1_000), Some((100, 100, true)));
        assert_eq!(walk(10, 950), Some((50, 0, true)), "the last one is not whole");
    }
}
