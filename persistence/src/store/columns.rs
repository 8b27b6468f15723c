//! How columns become our types, on every database the same. `value.rs` is the other direction.

use plenum_domain::access::{Action, Actions};
use plenum_domain::{Id, Role, Roles, Timestamp};
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};
use uuid::Uuid;

/// An id column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(pub(crate) Id);

/// An id column that may be empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaybeKey(Option<Id>);

/// A time column, in microseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Micros(pub(crate) Timestamp);

/// A time column that may be empty.
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
    ($name:ident, $raw:ty, $ours:ty, $read:expr) => {
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
            $raw: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($raw) -> Result<Self, BoxDynError> = $read;
                read(<$raw as Decode<'r, DB>>::decode(value)?)
            }
        }

        impl From<$name> for $ours {
            fn from(column: $name) -> Self {
                column.0
            }
        }
    };
}

column!(Key, Uuid, Id, |uuid| Ok(Self(Id::from_bits(uuid.as_u128()))));
column!(Micros, i64, Timestamp, |us| Ok(Self(Timestamp::from_ms(us.div_euclid(1_000)))));
column!(RoleNames, String, Roles, |text| Ok(Self(roles(&text)?)));
column!(Words, String, Vec<String>, |text| Ok(Self(text.split_whitespace().map(str::to_owned).collect())));

column!(ActionNames, String, Actions, |text| {
    let actions = text.split_whitespace().map(str::parse::<Action>);
    Ok(Self(actions.collect::<Result<_, _>>()?))
});

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
