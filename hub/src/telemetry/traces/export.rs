//! The way to the collector: OTLP over HTTP, with the client that the hub has anyway.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use ureq::http::{Request, Response, Uri};

/// How long a collector may take for a batch. Batches that it does not take are lost; nothing waits for it.
const WITHIN: Duration = Duration::from_secs(5);
const PATH: &str = "/v1/traces";

/// Something that sends to `endpoint`.
///
/// # Errors
/// It is no address.
pub(super) fn to(endpoint: &str) -> Result<SpanExporter, String> {
    let address = format!("{}{PATH}", endpoint.trim_end_matches('/'));
    let uri: Uri = address.parse().map_err(|error| format!("{endpoint}: {error}"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
        return Err(format!("{endpoint}: wants http:// or https:// and a host"));
    }
    let config = ureq::Agent::config_builder().timeout_global(Some(WITHIN)).http_status_as_error(false);
    let exporter = SpanExporter::builder().with_http().with_http_client(Agent(config.build().into()));
    exporter.with_endpoint(address).with_timeout(WITHIN).build().map_err(|error| error.to_string())
}

#[derive(Debug)]
struct Agent(ureq::Agent);

impl HttpClient for Agent {
    /// Blocks: it runs on the thread that sends batches, and nothing else does.
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let answer = self.send(request);
            if let Err(error) = &answer {
                tracing::warn!(%error, "the collector does not take traces");
            }
            answer
        })
    }
}

impl Agent {
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let (head, mut body) = self.0.run(Request::from_parts(head, body.to_vec()))?.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }
}
