//! The certificate and its key: read at the start, and again on SIGHUP.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use plenum_domain::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::TlsError;
use super::validity;

/// What HTTP and sockets are called in ALPN (RFC 7301 §6).
const HTTP_1_1: &[u8] = b"http/1.1";

/// A certificate and its key, from files that may be replaced while the hub runs.
#[derive(Debug)]
pub struct TlsKeys {
    cert_file: PathBuf,
    key_file: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl TlsKeys {
    /// Reads the pair.
    ///
    /// # Errors
    /// [`TlsError`] names the file and says what is wrong.
    pub fn load(cert_file: &Path, key_file: &Path, now: Timestamp) -> Result<Self, TlsError> {
        let config = RwLock::new(Arc::new(read(cert_file, key_file, now)?));
        Ok(Self { cert_file: cert_file.to_owned(), key_file: key_file.to_owned(), config })
    }

    /// Reads the files again: connections from now on get what they hold, open ones keep what they have.
    ///
    /// # Errors
    /// [`TlsError`]: the old pair stays in use.
    pub fn reload(&self, now: Timestamp) -> Result<(), TlsError> {
        let config = Arc::new(read(&self.cert_file, &self.key_file, now)?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(cert_file: &Path, key_file: &Path, now: Timestamp) -> Result<ServerConfig, TlsError> {
    let chain = chain(cert_file)?;
    in_time(cert_file, &chain[0], now)?;
    let key = PrivateKeyDer::from_pem_file(key_file)
        .map_err(|why| unreadable(key_file, why, "no private key in PEM"))?;
    let strange =
        |file: &Path, why: &rustls::Error| TlsError::Strange { file: file.to_owned(), why: why.to_string() };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|why| strange(cert_file, &why))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|why| match why {
            rustls::Error::InconsistentKeys(_) => {
                TlsError::Mismatch { cert_file: cert_file.to_owned(), key_file: key_file.to_owned() }
            }
            rustls::Error::InvalidCertificate(_) => strange(cert_file, &why),
            _ => strange(key_file, &why),
        })?;
    config.alpn_protocols = vec![HTTP_1_1.to_vec()];
    // Who comes back, as everyone does after a restart of the network, is spared the signature.
    config.ticketer = ring::Ticketer::new().map_err(|why| strange(key_file, &why))?;
    config.send_tls13_tickets = 1;
    Ok(config)
}

fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(unreadable(file, pem::Error::NoItemsFound, "no certificate in PEM")),
        Err(why) => Err(unreadable(file, why, "no certificate in PEM")),
    }
}

fn unreadable(file: &Path, why: pem::Error, missing: &str) -> TlsError {
    let file = file.to_owned();
    match why {
        pem::Error::Io(why) => TlsError::Unreadable { file, why },
        pem::Error::NoItemsFound => TlsError::Strange { file, why: format!("there is {missing} in it") },
        why => TlsError::Strange { file, why: why.to_string() },
    }
}

fn in_time(file: &Path, certificate: &[u8], now: Timestamp) -> Result<(), TlsError> {
    let file = file.to_owned();
    let Some((from, until)) = validity::of(certificate) else {
        return Err(TlsError::Strange {
            file,
            why: "the certificate says no time that it is valid for".to_owned(),
        });
    };
    match now {
        now if now > until => Err(TlsError::Expired { file, at: until }),
        now if now < from => Err(TlsError::TooEarly { file, at: from }),
        _ => Ok(()),
    }
}
