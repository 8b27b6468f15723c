//! Searching sessions: by SQLite's FTS5 and by PostgreSQL's text search, over the same folded words.
//!
//! The one place where the two databases get statements of their own.

use plenum_domain::Id;
use plenum_domain::search::{folded, query_words};

use super::columns::Key;
use super::connection::{Connection, Raw, Transaction};
use super::names::Asked;
use super::query::{Query, query};
use super::{Listed, Page, Session, Store, StoreError};

const SESSION: &str = "SELECT conference, title, subtitle, abstract, description, published FROM sessions WHERE tenant = $1 AND id = $2";
const NAMES: &str = "SELECT p.name FROM session_speakers k JOIN people p ON p.id = k.person
    WHERE k.tenant = $1 AND k.session = $2 ORDER BY k.position";
const TEXTS: &str = "SELECT title, subtitle, abstract, description FROM session_texts
    WHERE tenant = $1 AND session = $2 ORDER BY language";
const OF_PERSON: &str = "SELECT session FROM session_speakers WHERE tenant = $1 AND person = $2";

const EVERY: &str = "SELECT id, tenant FROM sessions";

const FORGET_IN_FTS: &str = "DELETE FROM session_search WHERE session_search MATCH $1";
const SAVE_IN_FTS: &str = "INSERT INTO session_search (scope, key, title, people, summary, body, session)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// A title counts twice as much as a name, and ten times as much as a long text (bm25's weights, column by column). Only
/// the page's sessions are read.
const FIND_IN_FTS: &str =
    "WITH page AS (SELECT session AS found, bm25(session_search, 0.0, 0.0, 10.0, 5.0, 2.0, 1.0) AS score FROM session_search
        WHERE session_search MATCH $1 ORDER BY score, found LIMIT $3 OFFSET $4)
    SELECT s.id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published
    FROM page CROSS JOIN sessions s LEFT JOIN halls h ON h.id = s.hall WHERE s.id = found AND s.tenant = $2
    ORDER BY score, s.id";
const COUNT_IN_FTS: &str = "SELECT COUNT(*) FROM session_search WHERE session_search MATCH $1";

const SAVE_IN_POSTGRES: &str = "INSERT INTO session_search (session, tenant, conference, words, published)
    VALUES ($1, $2, $3, setweight(to_tsvector('simple', $4), 'A') || setweight(to_tsvector('simple', $5), 'B')
        || setweight(to_tsvector('simple', $6), 'C') || setweight(to_tsvector('simple', $7), 'D'), $8)
    ON CONFLICT (session) DO UPDATE SET words = excluded.words, published = excluded.published";
/// One of the words is looked up in its index, and those sessions are judged.
const FIND_IN_POSTGRES: &str =
    "WITH page AS (SELECT x.session AS found, ts_rank('{0.1, 0.2, 0.5, 1.0}', x.words, to_tsquery('simple', $3)) AS score
        FROM (SELECT DISTINCT session FROM session_search_words
            WHERE tenant = $1 AND conference = $2 AND word >= $4 AND word < $5) AS named
        JOIN session_search x ON x.session = named.session
        WHERE x.tenant = $1 AND x.words @@ to_tsquery('simple', $3) AND (x.published OR $6)
        ORDER BY score DESC, found LIMIT $7 OFFSET $8)
    SELECT s.id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published
    FROM page JOIN sessions s ON s.id = found LEFT JOIN halls h ON h.id = s.hall WHERE s.tenant = $1
    ORDER BY score DESC, s.id";
const COUNT_IN_POSTGRES: &str = "SELECT COUNT(*) FROM (SELECT DISTINCT session FROM session_search_words
        WHERE tenant = $1 AND conference = $2 AND word >= $4 AND word < $5) AS named
    JOIN session_search x ON x.session = named.session
    WHERE x.tenant = $1 AND x.words @@ to_tsquery('simple', $3) AND (x.published OR $6)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SESSION, NAMES, TEXTS, OF_PERSON, EVERY];
#[cfg(test)]
pub(super) const STATEMENTS_OF_SQLITE: &[&str] = &[FORGET_IN_FTS, SAVE_IN_FTS, FIND_IN_FTS, COUNT_IN_FTS];
#[cfg(test)]
pub(super) const STATEMENTS_OF_POSTGRES: &[&str] = &[SAVE_IN_POSTGRES, FIND_IN_POSTGRES, COUNT_IN_POSTGRES];

#[derive(sqlx::FromRow)]
struct Searched {
    #[sqlx(try_from = "Key")]
    conference: Id,
    #[sqlx(flatten)]
    text: Text,
    published: bool,
}

#[derive(sqlx::FromRow)]
struct Text {
    title: String,
    subtitle: String,
    #[sqlx(rename = "abstract")]
    summary: String,
    description: String,
}

/// What is searched, by what counts most.
#[derive(Default)]
struct Words {
    title: String,
    people: String,
    summary: String,
    body: String,
}

impl Words {
    fn add(&mut self, text: &Text) {
        let add = |to: &mut String, raw: &str| {
            to.push(' ');
            to.push_str(&folded(raw));
        };
        add(&mut self.title, &text.title);
        add(&mut self.title, &text.subtitle);
        add(&mut self.summary, &text.summary);
        add(&mut self.body, &text.description);
    }
}

/// An id as a word of the index.
fn word(id: Id) -> String {
    format!("{:032x}", id.bits())
}

/// Brings the index up to date with a session, its speakers and its texts.
pub(super) async fn refresh(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
) -> Result<(), StoreError> {
    let found: Option<Searched> =
        query(SESSION).bind(tenant).bind(session).optional(&mut *transaction).await?;
    let Some(found) = found else { return forget(transaction, session).await };
    let mut words = Words::default();
    words.add(&found.text);
    let texts: Vec<Text> = query(TEXTS).bind(tenant).bind(session).all(&mut *transaction).await?;
    texts.iter().for_each(|text| words.add(text));
    let names: Vec<(String,)> = query(NAMES).bind(tenant).bind(session).all(&mut *transaction).await?;
    words.people = folded(&names.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(" "));
    save(transaction, tenant, session, &found, words).await
}

/// Brings the index up to date with a person's name.
pub(super) async fn refresh_person(
    transaction: &mut Transaction,
    tenant: Id,
    person: Id,
) -> Result<(), StoreError> {
    let list = query(OF_PERSON).bind(tenant).bind(person);
    let sessions: Vec<(Key,)> = list.all(&mut *transaction).await?;
    for (Key(session),) in sessions {
        refresh(transaction, tenant, session).await?;
    }
    Ok(())
}

/// Makes the whole index, of a store whose rows came without one.
pub(super) async fn refill(transaction: &mut Transaction) -> Result<(), StoreError> {
    let every: Vec<(Key, Key)> = query(EVERY).all(&mut *transaction).await?;
    for (Key(session), Key(tenant)) in every {
        refresh(transaction, tenant, session).await?;
    }
    Ok(())
}

/// Takes a session out of the index. PostgreSQL does it by itself.
pub(super) async fn forget(transaction: &mut Transaction, session: Id) -> Result<(), StoreError> {
    if matches!(transaction.raw(), Raw::Sqlite(_)) {
        query(FORGET_IN_FTS).bind(format!("key:{}", word(session))).execute(&mut *transaction).await?;
    }
    Ok(())
}

async fn save(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
    found: &Searched,
    words: Words,
) -> Result<(), StoreError> {
    let save = match transaction.raw() {
        Raw::Sqlite(_) => {
            forget(transaction, session).await?;
            let conference = word(found.conference);
            let published = if found.published { format!(" p{conference}") } else { String::new() };
            query(SAVE_IN_FTS).bind(conference + &published).bind(word(session))
        }
        Raw::Postgres(_) => query(SAVE_IN_POSTGRES).bind(session).bind(tenant).bind(found.conference),
    };
    let is_sqlite = matches!(transaction.raw(), Raw::Sqlite(_));
    let save = save.bind(words.title).bind(words.people).bind(words.summary).bind(words.body);
    let save = if is_sqlite { save.bind(session) } else { save.bind(found.published) };
    save.execute(&mut *transaction).await?;
    Ok(())
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// In this conference.
    pub conference: Id,
    /// All of these words; the last one may be the beginning of a word.
    pub words: &'a str,
    /// Also what is not published.
    pub drafts: bool,
}

impl Search<'_> {
    /// For FTS5: words are quoted, so that none is taken for an operator.
    fn for_fts(&self, words: &[String]) -> String {
        let scope = word(self.conference);
        let scope = if self.drafts { scope } else { format!("p{scope}") };
        let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
        format!("scope:{scope} AND {{title people summary body}} : ({words} *)")
    }

    /// For `to_tsquery`: words have letters and digits only.
    fn for_postgres(words: &[String]) -> String {
        format!("{}:*", words.join(" & "))
    }

    fn queries(&self, tenant: Id, words: &[String], is_sqlite: bool) -> (Query, Query) {
        if is_sqlite {
            let asked = self.for_fts(words);
            return (query(FIND_IN_FTS).bind(&asked).bind(tenant), query(COUNT_IN_FTS).bind(&asked));
        }
        let range = Asked::longest(words).map_or_else(Vec::new, |asked| asked.values().to_vec());
        let choose = |sql| {
            let chosen = query(sql).bind(tenant).bind(self.conference).bind(Self::for_postgres(words));
            chosen.bind_all(range.clone()).bind(self.drafts)
        };
        (choose(FIND_IN_POSTGRES), choose(COUNT_IN_POSTGRES))
    }
}

impl Store {
    /// A page of the sessions that have all of the words, the best first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn search_sessions(
        &self,
        tenant: Id,
        search: &Search<'_>,
        page: Page,
    ) -> Result<Listed<Session>, StoreError> {
        let words = query_words(search.words);
        if words.is_empty() {
            return Ok(Listed { items: Vec::new(), total: 0 });
        }
        let is_sqlite = matches!(self.readers(tenant), Connection::Sqlite(_));
        let (find, count) = search.queries(tenant, &words, is_sqlite);
        let items: Vec<Session> =
            find.bind(page.limit()).bind(page.offset()).all(self.readers(tenant)).await?;
        if let Some(total) = page.total_by_end(items.len()) {
            return Ok(Listed { items, total });
        }
        let (total,): (i64,) = count.one(self.readers(tenant)).await?;
        Ok(Listed { items, total: total.cast_unsigned() })
    }
}
