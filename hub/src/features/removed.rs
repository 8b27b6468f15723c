//! What is said when something is gone.

use serde::Serialize;
use utoipa::ToSchema;

/// It is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Removed {}
