//! Connections to BuildKit.

use std::time::Duration;

use docker_api::session::{Grpc, Session};
use http_endpoint::Endpoint;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use wharf_tests::harness::TestResult;

use super::helper::holds;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    upgrade(t, &Session::new().with_id(t.name("s")).with_name("wharf").with_method("/x.y/Z")).await?;
    t.called::<Session>();
    upgrade(t, &Grpc::new()).await?;
    t.called::<Grpc>();
    // The transport asks for an upgrade to `tcp`.
    t.refused(&Session::new().with_id(t.name("s")), 400).await?;
    t.refused(&Grpc::new(), 500).await?;
    Ok(())
}

/// Sends the endpoint with an upgrade to `h2c` and reads that it is granted.
async fn upgrade<E: Endpoint>(t: &Tour, endpoint: &E) -> TestResult {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n",
        E::METHOD,
        endpoint.target(t.client().prefix())
    );
    for (name, value) in endpoint.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.expose()));
    }
    head.push_str("\r\n");
    let mut socket = UnixStream::connect(&t.engine().socket).await?;
    socket.write_all(head.as_bytes()).await?;
    let mut answer = [0; 12];
    tokio::time::timeout(Duration::from_secs(20), socket.read_exact(&mut answer)).await??;
    holds!(&answer == b"HTTP/1.1 101", "{}", String::from_utf8_lossy(&answer));
    Ok(())
}
