//! What a tenant is given, may switch off, and looks like.

mod branding;
mod features;
mod tier;

pub use branding::{BadColour, Branding, Colour, Contrast, UnfitColour};
pub use features::{Feature, Features, UnknownFeature};
pub use tier::{Limit, Limits, Tier, UnknownTier};
