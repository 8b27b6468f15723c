//! Values that statements are given, whatever the database.

use plenum_domain::access::{Action, Actions};
use plenum_domain::{Id, Role, Roles, Timestamp};
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::types::Json;
use sqlx::{Arguments, Encode, Type};
use uuid::Uuid;

/// A value with its type, which it has even when it is absent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// An id.
    Id(Option<Uuid>),
    /// A number, or a time in microseconds since 1970.
    Number(Option<i64>),
    /// Yes or no.
    Flag(Option<bool>),
    /// A text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// A JSON value.
    Json(Option<Json<serde_json::Value>>),
}

/// Words without spaces, with a space between them in the column: scopes.
pub(crate) struct SpacedWords<'a>(pub(crate) &'a [String]);

impl Value {
    /// Gives the value to a statement.
    fn add<A: Arguments>(self, arguments: &mut A) -> Result<(), BoxDynError>
    where
        Option<Uuid>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<i64>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<bool>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<String>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<Vec<u8>>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<Json<serde_json::Value>>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    {
        match self {
            Self::Id(id) => arguments.add(id),
            Self::Number(number) => arguments.add(number),
            Self::Flag(flag) => arguments.add(flag),
            Self::Text(text) => arguments.add(text),
            Self::Bytes(bytes) => arguments.add(bytes),
            Self::Json(json) => arguments.add(json),
        }
    }
}

/// The values as bytes, the same for equal values and for no others.
pub(super) fn bytes_of(values: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.len() * 24);
    let mut add = |kind: u8, value: Option<&[u8]>| {
        bytes.push(kind);
        bytes.extend_from_slice(&value.map_or(u64::MAX, |value| value.len() as u64).to_le_bytes());
        bytes.extend_from_slice(value.unwrap_or_default());
    };
    for value in values {
        match value {
            Value::Id(id) => add(0, id.as_ref().map(|id| id.as_bytes().as_slice())),
            Value::Number(number) => add(1, number.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice)),
            Value::Flag(flag) => add(2, flag.map(|flag| [u8::from(flag)]).as_ref().map(<[u8; 1]>::as_slice)),
            Value::Text(text) => add(3, text.as_deref().map(str::as_bytes)),
            Value::Bytes(value) => add(4, value.as_deref()),
            Value::Json(json) => {
                let text = json.as_ref().map(|json| json.0.to_string());
                add(5, text.as_deref().map(str::as_bytes));
            }
        }
    }
    bytes
}

/// The values as SQLite takes them.
pub(super) fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    values.into_iter().try_for_each(|value| value.add(&mut arguments)).map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

/// The values as PostgreSQL takes them.
pub(super) fn for_postgres(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    values.into_iter().try_for_each(|value| value.add(&mut arguments)).map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

/// The columns of many rows, each an array, as PostgreSQL unnests them.
pub(super) fn columns_for_postgres(rows: Vec<Vec<Value>>) -> Result<PgArguments, sqlx::Error> {
    let width = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<Value>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut arguments = PgArguments::default();
    columns
        .into_iter()
        .try_for_each(|column| add_array(column, &mut arguments))
        .map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

/// An array is of the type of its first value: a column's values are all of one.
fn add_array(column: Vec<Value>, arguments: &mut PgArguments) -> Result<(), BoxDynError> {
    macro_rules! array_of {
        ($kind:ident) => {
            arguments.add(
                column
                    .into_iter()
                    .map(|value| match value {
                        Value::$kind(inner) => inner,
                        other => unreachable!("a column of {} holds {other:?}", stringify!($kind)),
                    })
                    .collect::<Vec<_>>(),
            )
        };
    }
    match column.first() {
        None => Ok(()),
        Some(Value::Id(_)) => array_of!(Id),
        Some(Value::Number(_)) => array_of!(Number),
        Some(Value::Flag(_)) => array_of!(Flag),
        Some(Value::Text(_)) => array_of!(Text),
        Some(Value::Bytes(_)) => array_of!(Bytes),
        Some(Value::Json(_)) => array_of!(Json),
    }
}

/// How our types become values: what they are, and how they are written.
macro_rules! values {
    ($($ours:ty => $kind:ident, $value:pat => $write:expr;)*) => {$(
        impl From<$ours> for Value {
            fn from($value: $ours) -> Self {
                Self::$kind(Some($write))
            }
        }

        impl From<Option<$ours>> for Value {
            fn from(value: Option<$ours>) -> Self {
                Self::$kind(value.map(|$value| $write))
            }
        }
    )*};
}

values! {
    Id => Id, id => Uuid::from_u128(id.bits());
    Timestamp => Number, time => time.ms().saturating_mul(1_000);
    i64 => Number, number => number;
    bool => Flag, flag => flag;
    String => Text, text => text;
    &String => Text, text => text.clone();
    &str => Text, text => text.to_owned();
    Roles => Text, roles => roles.iter().map(Role::name).collect::<Vec<_>>().join(",");
    Actions => Text, actions => actions.iter().map(Action::name).collect::<Vec<_>>().join(" ");
    SpacedWords<'_> => Text, SpacedWords(words) => words.join(" ");
    Vec<u8> => Bytes, bytes => bytes;
    &Vec<u8> => Bytes, bytes => bytes.clone();
    &[u8] => Bytes, bytes => bytes.to_owned();
    &[u8; 32] => Bytes, hash => hash.to_vec();
    serde_json::Value => Json, json => Json(json);
    &serde_json::Value => Json, json => Json(json.clone());
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&Option<Vec<u8>>> for Value {
    fn from(bytes: &Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes.clone())
    }
}
