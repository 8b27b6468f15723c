//! Lists that rooms answer: sorted and cut into pages here, since no store holds them as they are now.

use std::cmp::Ordering;

use serde_json::Value;

use crate::http::{Fault, Page};

/// Sorts by a field, `-` before its name for the last one first; equals keep their order.
///
/// # Errors
/// 422 that names the fields which one can sort by.
pub(super) fn sort<T>(
    items: &mut [T],
    asked: Option<&str>,
    known: &[&str],
    value: impl Fn(&T) -> &Value,
) -> Result<(), Fault> {
    let Some(asked) = asked else { return Ok(()) };
    let (field, is_descending) = asked.strip_prefix('-').map_or((asked, false), |field| (field, true));
    if !known.contains(&field) {
        let words = format!("cannot sort by {asked:?}; known are {}", known.join(", "));
        return Err(Fault::field("sort", words));
    }
    items.sort_by(|one, other| {
        let order = compare(&value(one)[field], &value(other)[field]);
        if is_descending { order.reverse() } else { order }
    });
    Ok(())
}

/// One page of what was found, and how much that is in all.
pub(super) fn page<T>(found: Vec<T>, page: Page) -> (Vec<T>, u64) {
    let (total, start) = (found.len() as u64, usize::try_from(page.offset()).unwrap_or(usize::MAX));
    (found.into_iter().skip(start).take(page.size as usize).collect(), total)
}

/// Numbers by size, all else by its text.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_str().map(str::to_lowercase).cmp(&other.as_str().map(str::to_lowercase)),
    }
}
