//! Whom a `wss://` address is believed: the authorities of the system, and those of the options.

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Read once: a store of the system has hundreds of certificates.
static SYSTEM: OnceLock<RootCertStore> = OnceLock::new();

/// What a connection is checked with.
///
/// # Errors
/// `trusted_pem` holds something that is no certificate.
pub(super) fn config(trusted_pem: Option<&str>) -> io::Result<Arc<ClientConfig>> {
    let mut roots = SYSTEM.get_or_init(system).clone();
    for certificate in CertificateDer::pem_slice_iter(trusted_pem.unwrap_or_default().as_bytes()) {
        roots.add(certificate.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn system() -> RootCertStore {
    let (mut roots, found) = (RootCertStore::empty(), rustls_native_certs::load_native_certs());
    for error in found.errors {
        tracing::warn!(%error, "some of the system's authorities cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    roots
}
