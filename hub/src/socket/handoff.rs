//! Ordinary requests: the connection moves, with the bytes read so far, to the runtime that serves REST and the web app.

use std::convert::Infallible;
use std::io::{self, Cursor, Read as _};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::tls::{SecureStream, Session};

/// A client has so long for the head of each request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a connection ended otherwise than both sides meant it to.
type Ended = Box<dyn std::error::Error + Send + Sync>;

/// The address that a request came from, for handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Serves requests on a runtime of its own, so that a slow one holds up no shard.
#[derive(Clone)]
pub struct Http {
    router: Router,
    runtime: Handle,
}

impl Http {
    /// Serves `router` on `runtime`.
    pub fn new(router: Router, runtime: Handle) -> Self {
        Self { router, runtime }
    }

    /// Takes over a connection of which `first` was read already, and its TLS if it has any.
    pub(super) fn serve(&self, stream: TcpStream, tls: Option<Box<Session>>, first: Vec<u8>, from: IpAddr) {
        let stream = match stream.into_std() {
            Ok(stream) => stream,
            Err(error) => return tracing::debug!(%error, "a connection was lost on its way"),
        };
        let service = Service { router: TowerToHyperService::new(self.router.clone()), from };
        self.runtime.spawn(async move {
            if let Err(error) = converse(stream, tls, first, service).await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}

/// What answers the requests of one connection. The address goes into each request: a layer for it would build every route
/// anew for every connection, on the shard's thread.
struct Service {
    router: TowerToHyperService<Router>,
    from: IpAddr,
}

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response;
    type Error = Infallible;
    type Future = <TowerToHyperService<Router> as hyper::service::Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(PeerAddress(self.from));
        self.router.call(request)
    }
}

async fn converse(
    stream: std::net::TcpStream,
    tls: Option<Box<Session>>,
    first: Vec<u8>,
    service: Service,
) -> Result<(), Ended> {
    let (first, stream) = (Cursor::new(first), TcpStream::from_std(stream)?);
    match tls {
        None => serve_requests(Resumed { first, stream }, service).await,
        Some(tls) => serve_requests(Resumed { first, stream: SecureStream::new(stream, tls) }, service).await,
    }
}

async fn serve_requests<S>(stream: Resumed<S>, service: Service) -> Result<(), Ended>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    server.serve_connection(TokioIo::new(stream), service).await?;
    Ok(())
}

/// A stream of which the first bytes were read already.
struct Resumed<S> {
    first: Cursor<Vec<u8>>,
    stream: S,
}

impl<S: AsyncRead + Unpin> AsyncRead for Resumed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if (self.first.position() as usize) < self.first.get_ref().len() {
            let space = buf.initialize_unfilled();
            let read = self.first.read(space)?;
            buf.advance(read);
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Resumed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
