//! How much a reader takes before it refuses.

/// The largest integer on the wire: the largest that a JSON reader with doubles holds exactly, 2^53 - 1.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// What a reader of frames accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest frame, in bytes.
    pub frame_bytes_max: usize,
    /// How deep objects and arrays may nest, the envelope included.
    pub depth_max: u32,
    /// How many objects one frame may carry in an array.
    pub objects_max: usize,
}

impl Limits {
    /// What a hub takes from a client.
    pub const CLIENT: Self = Self { frame_bytes_max: 64 * 1024, depth_max: 32, objects_max: 64 };
    /// What a client takes from its hub: states and replays are longer than commands.
    pub const SERVER: Self = Self { frame_bytes_max: 16 * 1024 * 1024, depth_max: 32, objects_max: 65_536 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::CLIENT
    }
}
