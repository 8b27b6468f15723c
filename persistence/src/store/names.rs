//! Participants' names as they are searched: folded word by word, so that a beginning is a range of one index.
//!
//! Words are written with the name, in its transaction. The tables' triggers take them away with it, so that a name that is
//! changed in a way that this file does not know cannot be found any more, rather than found though it is gone.

use std::collections::BTreeSet;

use plenum_domain::Id;
use plenum_domain::search::{folded, query_words};

use super::bulk::{Bulk, Write, row};
use super::columns::Key;
use super::connection::{Reach, Transaction, begin};
use super::query::{Query, query};
use super::value::Value;
use super::{Store, StoreError};

/// Words of one name that can be found; names have sixty characters.
const WORDS_MAX: usize = 16;
/// Names that are read and written at once when a store is opened that has them without words.
const PIECE: i64 = 1_000;
/// How many names with a word are counted to see which of several words is rare.
const RARE: i64 = 500;

const HOW_RARE: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM participant_words
    WHERE tenant = $1 AND conference = $2 AND word >= $3 AND word < $4 LIMIT $5) AS listed";
const MISSING: &str =
    "SELECT m.participant, m.tenant, p.conference, p.display_name FROM participant_words_missing m
    JOIN participants p ON p.id = m.participant ORDER BY m.participant LIMIT $1";
const NOT_MISSING: &str = "DELETE FROM participant_words_missing WHERE participant <= $1";
/// Who is there already keeps their name: words of another one are not theirs.
pub(super) const WRITE: Bulk = Bulk {
    table: "(SELECT tenant, conference, id AS participant, '' AS word, display_name FROM participants) AS listed",
    row: "tenant, conference, participant, word, display_name",
    key: 0,
    write: Write::Else(
        " INSERT INTO participant_words (tenant, conference, participant, word)
    SELECT b.tenant, b.conference, b.participant, b.word FROM batch b
    JOIN participants p ON p.id = b.participant AND p.display_name = b.display_name
    WHERE TRUE ON CONFLICT DO NOTHING",
    ),
};

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[HOW_RARE, MISSING, NOT_MISSING];

/// Someone's name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) tenant: Id,
    pub(super) conference: Id,
    pub(super) participant: Id,
    pub(super) name: &'a str,
}

/// A word that is asked for, or the beginning of one: every word from the one text up to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    from: String,
    until: String,
}

impl Asked {
    /// The words of a query; the last one may be a beginning.
    pub(super) fn of(query: &str) -> Vec<Self> {
        Self::each(&query_words(query)).collect()
    }

    /// Of a query's words the longest one, which is likely to be rare; none when there are none.
    pub(super) fn longest(words: &[String]) -> Option<Self> {
        Self::each(words).max_by_key(|asked| asked.from.len())
    }

    fn each(words: &[String]) -> impl Iterator<Item = Self> {
        words.iter().enumerate().map(|(n, word)| Self::new(word, n + 1 == words.len()))
    }

    /// A space stands before all letters and digits, and no letter behind the last of all characters.
    fn new(word: &str, is_beginning: bool) -> Self {
        let until = format!("{word}{}", if is_beginning { char::MAX } else { ' ' });
        Self { from: word.to_owned(), until }
    }

    /// As a statement takes it.
    pub(super) fn values(&self) -> [Value; 2] {
        [(&self.from).into(), (&self.until).into()]
    }
}

fn words(name: &str) -> BTreeSet<String> {
    folded(name).split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).map(str::to_owned).collect()
}

/// Writes the words of a name that was just written.
pub(super) async fn write(transaction: &mut Transaction, new: &Named<'_>) -> Result<(), StoreError> {
    let words = words(new.name);
    if words.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (0..words.len()).map(|n| format!("($1, $2, $3, ${})", n + 4)).collect();
    let sql = format!(
        "INSERT INTO participant_words (tenant, conference, participant, word) VALUES {} ON CONFLICT DO NOTHING",
        rows.join(", ")
    );
    let insert = Query::of_parts(sql).bind(new.tenant).bind(new.conference).bind(new.participant);
    insert.bind_all(words.into_iter().map(Value::from)).execute(transaction).await?;
    Ok(())
}

/// The same for many, of whom some may have been there before.
pub(super) async fn write_all(transaction: &mut Transaction, new: &[Named<'_>]) -> Result<(), StoreError> {
    let rows: Vec<_> =
        new.iter().flat_map(|one| words(one.name).into_iter().map(move |word| (one, word))).collect();
    WRITE
        .write(transaction, &rows, |(one, word)| {
            row![one.tenant, one.conference, one.participant, word, one.name]
        })
        .await
}

#[derive(sqlx::FromRow)]
struct Missing {
    #[sqlx(try_from = "Key")]
    participant: Id,
    #[sqlx(try_from = "Key")]
    tenant: Id,
    #[sqlx(try_from = "Key")]
    conference: Id,
    display_name: String,
}

impl Missing {
    fn named(&self) -> Named<'_> {
        let Self { participant, tenant, conference, display_name } = self;
        Named { tenant: *tenant, conference: *conference, participant: *participant, name: display_name }
    }
}

impl Store {
    /// Moves the word that fewest names have to the front.
    pub(super) async fn rarest_first(
        &self,
        tenant: Id,
        conference: Id,
        mut asked: Vec<Asked>,
    ) -> Result<Vec<Asked>, StoreError> {
        if asked.len() < 2 {
            return Ok(asked);
        }
        let (mut rarest, mut fewest) = (0, RARE);
        for (n, word) in asked.iter().enumerate() {
            let count = query(HOW_RARE).bind(tenant).bind(conference).bind_all(word.values()).bind(fewest);
            let (names,): (i64,) = count.one(self.readers(tenant)).await?;
            if names < fewest {
                (rarest, fewest) = (n, names);
            }
        }
        asked.swap(0, rarest);
        Ok(asked)
    }

    /// Writes the words of names that a store of before has without them.
    pub(super) async fn write_missing_words(&self) -> Result<(), StoreError> {
        loop {
            let mut transaction = begin(self.behind(Reach::Everyone)).await?;
            let missing: Vec<Missing> = query(MISSING).bind(PIECE).all(&mut transaction).await?;
            let Some(last) = missing.last() else { return Ok(()) };
            let named: Vec<_> = missing.iter().map(Missing::named).collect();
            write_all(&mut transaction, &named).await?;
            query(NOT_MISSING).bind(last.participant).execute(&mut transaction).await?;
            transaction.commit().await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_range_and_only_the_last_one_may_be_a_beginning() {
        let asked = Asked::of("Zoë  Ł");
        let is_met = |n: usize, word: &str| asked[n].from.as_str() <= word && word < asked[n].until.as_str();
        assert!(is_met(0, "zoe") && !is_met(0, "zoe1") && !is_met(0, "zo"));
        assert!(is_met(1, "l") && is_met(1, "lecka") && is_met(1, "l\u{10FFFE}") && !is_met(1, "m"));
        assert_eq!(Asked::of(" – "), []);
    }
}
