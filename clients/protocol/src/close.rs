//! Why a socket was closed, and what its client should do next.

/// The close codes that a hub uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum CloseCode {
    /// Either side is done.
    Normal = 1000,
    /// The WebSocket framing is broken (RFC 6455 §7.4.1).
    ProtocolError = 1002,
    /// A binary frame on a text socket or the other way round.
    WrongKind = 1003,
    /// A text frame that is not UTF-8.
    NotUtf8 = 1007,
    /// A frame over the limit whose command could not be told.
    TooLarge = 1009,
    /// The hub is going away, another one is ready.
    MovingAway = 1012,
    /// What was sent is no Plenum: no hello in time, or rubbish again and again.
    BadProtocol = 4400,
    /// The token is missing, wrong or has ended.
    Token = 4401,
    /// The token is good and does not open this.
    Forbidden = 4403,
    /// The client does not read what it is sent.
    TooSlow = 4408,
    /// The client sends far more than it may.
    Flooding = 4429,
    /// A fault of the hub.
    OurFault = 4500,
}

/// What a client does after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comeback {
    /// Try again after the jittered wait.
    Backoff,
    /// Get a fresh token first, then try again.
    FreshToken,
    /// Do not come back: it would end the same way.
    Never,
}

impl CloseCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::Normal,
        Self::ProtocolError,
        Self::WrongKind,
        Self::NotUtf8,
        Self::TooLarge,
        Self::MovingAway,
        Self::BadProtocol,
        Self::Token,
        Self::Forbidden,
        Self::TooSlow,
        Self::Flooding,
        Self::OurFault,
    ];

    /// The number in the close frame.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The code of a number; `None` for one that a hub does not use.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.number() == number)
    }

    /// What it means, short enough (≤ 123 bytes) for the reason of a close frame.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Normal => "done",
            Self::ProtocolError => "broken WebSocket framing",
            Self::WrongKind => "text frames carry JSON, binary frames MessagePack",
            Self::NotUtf8 => "a text frame that is not UTF-8",
            Self::TooLarge => "the frame is too large",
            Self::MovingAway => "this hub is going away, connect again",
            Self::BadProtocol => "bad protocol",
            Self::Token => "the token is missing, wrong or has ended",
            Self::Forbidden => "forbidden",
            Self::TooSlow => "too slow in reading",
            Self::Flooding => "too many frames",
            Self::OurFault => "a fault of the hub",
        }
    }

    /// What a client does after a close with this number. A number that no hub uses (1006: the line broke) is a
    /// reason to come back.
    pub fn comeback(number: u16) -> Comeback {
        match Self::from_number(number) {
            Some(Self::Token) => Comeback::FreshToken,
            Some(Self::BadProtocol | Self::Forbidden) => Comeback::Never,
            _ => Comeback::Backoff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back_and_meanings_fit_a_close_frame() {
        for code in CloseCode::ALL {
            assert_eq!(CloseCode::from_number(code.number()), Some(code));
            assert!(code.meaning().len() <= 123);
        }
    }

    #[test]
    fn only_hopeless_closes_keep_a_client_away() {
        assert_eq!(CloseCode::comeback(1006), Comeback::Backoff);
        assert_eq!(CloseCode::comeback(4401), Comeback::FreshToken);
        assert_eq!(CloseCode::comeback(4403), Comeback::Never);
    }
}
