//! Just enough HTTP over a Unix socket to ask an engine whether it is there and to hand it an image.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::failure::{Context, Failure, Result};

/// The status and the body of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body as it came, chunk lengths and all.
    pub(crate) body: String,
}

/// Whether an engine answers at `socket`, within two seconds.
pub(crate) fn ping(socket: &Path) -> Result<()> {
    let answer = request(socket, "GET", "/_ping", None, Duration::from_secs(2))?;
    if answer.status == 200 { Ok(()) } else { Err(Failure::new(format!("status {}", answer.status))) }
}

/// A request without a body.
pub(crate) fn call(socket: &Path, method: &str, path: &str) -> Result<Answer> {
    request(socket, method, path, None, Duration::from_secs(60))
}

/// Posts the file at `body` as a tar.
pub(crate) fn post_tar(socket: &Path, path: &str, body: &Path) -> Result<Answer> {
    request(socket, "POST", path, Some(body), Duration::from_secs(300))
}

fn request(socket: &Path, method: &str, path: &str, body: Option<&Path>, limit: Duration) -> Result<Answer> {
    let what = || format!("{method} {path} on {}", socket.display());
    let mut stream = UnixStream::connect(socket).context(what)?;
    stream.set_read_timeout(Some(limit)).context(what)?;
    stream.set_write_timeout(Some(limit)).context(what)?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n");
    let mut file = match body {
        Some(file) => Some(File::open(file).context(|| format!("cannot open {}", file.display()))?),
        None => None,
    };
    if let Some(file) = &file {
        let length = file.metadata().context(what)?.len();
        head += &format!("Content-Type: application/x-tar\r\nContent-Length: {length}\r\n");
    } else if method == "POST" {
        head += "Content-Length: 0\r\n";
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).context(what)?;
    if let Some(file) = &mut file {
        // An engine that refuses early closes its side; its answer says more than our broken pipe.
        let _ = std::io::copy(file, &mut stream);
    }
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).context(what)?;
    parse(&raw).ok_or_else(|| Failure::new(format!("{}: the answer is not HTTP", what())))
}

fn parse(raw: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(raw);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_split_into_status_and_body() {
        let answer = parse(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n{}").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (404, "{}"));
        assert!(parse(b"nonsense").is_none());
        assert!(parse(b"").is_none());
    }
}
