//! How our types are written in columns, on every database the same.

use plenum_domain::access::{Action, Actions};
use plenum_domain::{Id, Role, Roles, Timestamp};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};
use uuid::Uuid;

/// An id column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(pub(crate) Id);

/// An id column that may be empty, to be read; `Option<Key>` is for writing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaybeKey(Option<Id>);

/// A time column, in microseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Micros(pub(crate) Timestamp);

/// A time column that may be empty, to be read; `Option<Micros>` is for writing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaybeMicros(Option<Timestamp>);

/// A column of role names with commas between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleNames(pub(crate) Roles);

/// Words without spaces, with a space between them: scopes.
#[derive(Clone, Debug)]
pub(crate) struct Words(pub(crate) Vec<String>);

/// Names of actions with a space between them, to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionNames(pub(crate) Actions);

macro_rules! column {
    ($name:ident, $raw:ty, $ours:ty, read $read:expr $(, write $write:expr)?) => {
        impl<DB: Database> Type<DB> for $name where $raw: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <$raw as Type<DB>>::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                <$raw as Type<DB>>::compatible(ty)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name where $raw: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($raw) -> Result<Self, BoxDynError> = $read;
                read(<$raw as Decode<'r, DB>>::decode(value)?)
            }
        }

        $(impl<'q, DB: Database> Encode<'q, DB> for $name where $raw: Encode<'q, DB> {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn(&Self) -> $raw = $write;
                <$raw as Encode<'q, DB>>::encode(write(self), buffer)
            }
        })?

        impl From<$name> for $ours {
            fn from(column: $name) -> Self {
                column.0
            }
        }
    };
}

column!(
    Key,
    Uuid,
    Id,
    read | uuid | Ok(Self(Id::from_bits(uuid.as_u128()))),
    write | key | Uuid::from_u128(key.0.bits())
);
column!(
    Micros,
    i64,
    Timestamp,
    read | us | Ok(Self(Timestamp::from_ms(us.div_euclid(1_000)))),
    write | time | time.0.ms().saturating_mul(1_000)
);
column!(
    RoleNames,
    String,
    Roles,
    read | text | Ok(Self(roles(&text)?)),
    write | roles | roles.0.iter().map(Role::name).collect::<Vec<_>>().join(",")
);
column!(
    Words,
    String,
    Vec<String>,
    read | text | Ok(Self(text.split_whitespace().map(str::to_owned).collect())),
    write | words | words.0.join(" ")
);

column!(
    ActionNames,
    String,
    Actions,
    read | text
        | Ok(Self(text.split_whitespace().map(str::parse::<Action>).collect::<Result<Actions, _>>()?))
);

macro_rules! maybe {
    ($name:ident, $raw:ty, $column:ident, $ours:ty) => {
        impl<DB: Database> Type<DB> for $name
        where
            $raw: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$raw as Type<DB>>::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                <$raw as Type<DB>>::compatible(ty)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            $column: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(Self(<Option<$column> as Decode<'r, DB>>::decode(value)?.map(|column| column.0)))
            }
        }

        impl From<$name> for Option<$ours> {
            fn from(column: $name) -> Self {
                column.0
            }
        }
    };
}

maybe!(MaybeKey, Uuid, Key, Id);
maybe!(MaybeMicros, i64, Micros, Timestamp);

fn roles(text: &str) -> Result<Roles, BoxDynError> {
    let names = text.split(',').filter(|name| !name.is_empty());
    Ok(names.map(str::parse::<Role>).collect::<Result<Roles, _>>()?)
}
