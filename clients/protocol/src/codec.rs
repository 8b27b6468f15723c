//! Which of the two encodings a socket speaks.

/// An encoding of the envelope and of everything in it, fixed for a socket when it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Codec {
    /// Text frames; also what a client gets that asks for no subprotocol.
    #[default]
    Json,
    /// Binary frames, maps with string keys, integers in their shortest form.
    MsgPack,
}

impl Codec {
    /// Both codecs, for those that keep one thing per codec.
    pub const ALL: [Self; 2] = [Self::Json, Self::MsgPack];

    /// The name in `Sec-WebSocket-Protocol`.
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "plenum.v1.json",
            Self::MsgPack => "plenum.v1.msgpack",
        }
    }

    /// The codec of one offered subprotocol name; `None` when it is not ours.
    pub fn from_subprotocol(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.subprotocol() == name)
    }

    /// Whether its frames are binary WebSocket messages (else text).
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::MsgPack)
    }

    /// A place in arrays that hold one thing per codec, in the order of [`Codec::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_codec() {
        for codec in Codec::ALL {
            assert_eq!(Codec::from_subprotocol(codec.subprotocol()), Some(codec));
            assert_eq!(Codec::ALL[codec.index()], codec);
        }
        assert_eq!(Codec::from_subprotocol("plenum.v2.json"), None);
    }
}
