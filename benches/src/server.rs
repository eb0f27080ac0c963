//! The server: as little as both clients need, so that it is never what is measured.
//!
//! A fixed number of threads accept and answer, one connection each at a time. Nothing is started for a new
//! connection, since one of the clients makes one for every request.

use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use crate::answers::{Answer, Answers};

/// More than the connections that both clients keep open together.
const THREADS: usize = 64;
/// Threads only copy: they need next to no stack.
const STACK: usize = 256 << 10;
/// The longest request.
const LIMIT: usize = 64 << 10;

/// Answers on a socket at `path` until the process ends. Returns when the socket is open.
///
/// # Errors
/// The socket or a thread could not be made.
pub fn start(path: &Path, answers: Answers) -> io::Result<()> {
    let listener = Arc::new(UnixListener::bind(path)?);
    let answers = Arc::new(answers);
    for _ in 0..THREADS {
        let (listener, answers) = (Arc::clone(&listener), Arc::clone(&answers));
        std::thread::Builder::new().stack_size(STACK).spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                // A client that went away has lost interest; so has the server.
                let _ = connection(stream, &answers);
            }
        })?;
    }
    Ok(())
}

/// Answers the requests of one connection.
fn connection(mut stream: UnixStream, answers: &Answers) -> io::Result<()> {
    let mut input = Vec::with_capacity(4 << 10);
    loop {
        let Some(request) = request(&mut stream, &mut input)? else { return Ok(()) };
        match answers.to(&request.method, &request.target) {
            Some(answer) => {
                send(&mut stream, answer)?;
                if answer.closes {
                    return Ok(());
                }
            }
            None => {
                let text = format!("{{\"message\":\"not here: {} {}\"}}", request.method, request.target);
                let length = text.len();
                write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: {length}\r\n\r\n{text}")?;
            }
        }
    }
}

fn send(stream: &mut UnixStream, answer: &Answer) -> io::Result<()> {
    stream.write_all(&answer.head)?;
    for _ in 0..answer.times {
        stream.write_all(&answer.block)?;
    }
    stream.write_all(answer.tail)
}

struct Request {
    method: String,
    target: String,
}

/// The next request, with its body read and dropped; `None` at the end of the connection.
fn request(stream: &mut UnixStream, input: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let end = loop {
        if let Some(at) = input.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if !more(stream, input)? {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&input[..end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok());
    let total = end.saturating_add(length.unwrap_or(0));
    while input.len() < total {
        if !more(stream, input)? {
            return Ok(None);
        }
    }
    input.drain(..total);
    Ok(Some(Request { method, target }))
}

fn more(stream: &mut UnixStream, input: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 4 << 10];
    let count = stream.read(&mut buffer)?;
    input.extend_from_slice(&buffer[..count]);
    if input.len() > LIMIT {
        return Err(io::Error::other("a request is too long"));
    }
    Ok(count > 0)
}
