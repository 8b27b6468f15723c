//! A line to a server that can be cut: every byte goes through here.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Takes connections for a server and passes them on while it is whole.
pub(crate) struct Line {
    /// Where it takes them.
    pub(crate) address: SocketAddr,
    whole: Arc<watch::Sender<bool>>,
}

impl Line {
    /// Opens a line to a server on a free port of loopback.
    ///
    /// # Errors
    /// There is no free port.
    pub(crate) async fn to(server: String) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let whole = Arc::new(watch::channel(true).0);
        tokio::spawn(serve(listener, server, Arc::clone(&whole)));
        Ok(Self { address, whole })
    }

    /// Closes every connection, and every later one at once.
    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets new connections through again.
    pub(crate) fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn serve(listener: TcpListener, server: String, whole: Arc<watch::Sender<bool>>) {
    while let Ok((near, _)) = listener.accept().await {
        if *whole.borrow() {
            tokio::spawn(pass(near, server.clone(), whole.subscribe()));
        }
    }
}

/// Carries both directions until one ends or the line is cut.
async fn pass(mut near: TcpStream, server: String, mut whole: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = whole.wait_for(|whole| !whole) => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reader, mut writer) = stream.split();
                    tokio::io::copy(&mut reader, &mut writer).await
                });
            }
        });
        address
    }

    /// Whether a byte comes back; a cut line ends the connection instead.
    async fn answers(stream: &mut TcpStream) -> bool {
        let mut back = [0];
        stream.write_all(b"x").await.is_ok() && matches!(stream.read(&mut back).await, Ok(1))
    }

    #[tokio::test]
    async fn a_cut_line_ends_what_is_there_and_what_comes_and_a_mended_one_carries_again() {
        let line = Line::to(echo().await.to_string()).await.expect("loopback has free ports");
        let mut before = TcpStream::connect(line.address).await.expect("the line takes connections");
        assert!(answers(&mut before).await);
        line.cut();
        assert!(!answers(&mut before).await);
        let mut meanwhile = TcpStream::connect(line.address).await.expect("the line takes connections");
        assert!(!answers(&mut meanwhile).await);
        line.mend();
        let mut after = TcpStream::connect(line.address).await.expect("the line takes connections");
        assert!(answers(&mut after).await);
    }
}
