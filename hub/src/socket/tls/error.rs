//! Why a certificate and its key cannot be used: always with the file, and what to look at.

use std::path::PathBuf;

use plenum_domain::Timestamp;

/// A pair of `server.tls.cert_file` and `server.tls.key_file` that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{}: {why}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// A file holds something else than it should.
    #[error("{}: {why}", file.display())]
    Strange {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Each file is well, but they do not belong together.
    #[error("{}: this key is not that of the certificate in {}", key_file.display(), cert_file.display())]
    Mismatch {
        /// The certificate's file.
        cert_file: PathBuf,
        /// The key's file.
        key_file: PathBuf,
    },
    /// The certificate has ended.
    #[error("{}: the certificate ended at {}", file.display(), when(*at))]
    Expired {
        /// The certificate's file.
        file: PathBuf,
        /// Its last moment.
        at: Timestamp,
    },
    /// The certificate is not valid yet.
    #[error("{}: the certificate is not valid before {}; is this machine's clock right?", file.display(), when(*at))]
    TooEarly {
        /// The certificate's file.
        file: PathBuf,
        /// Its first moment.
        at: Timestamp,
    },
}

fn when(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.ms()).map_or_else(|_| format!("{} ms", at.ms()), |at| at.to_string())
}
