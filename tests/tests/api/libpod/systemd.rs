//! A stand-in for systemd beside an engine: it answers on the private socket that Podman asks, knows no unit, and
//! agrees to everything.

use std::fs;
use std::io;
use std::path::PathBuf;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use wharf_tests::engine::Engine;
use wharf_tests::harness::TestResult;

/// The socket, until this is dropped.
pub(crate) struct Systemd {
    socket: PathBuf,
    /// Whether the folder was not there before.
    made_folder: bool,
    task: JoinHandle<()>,
}

impl Systemd {
    /// Takes systemd's place beside an engine of the bed; `None` where its file system cannot be reached from here.
    pub(crate) fn start(engine: &Engine) -> TestResult<Option<Self>> {
        // `/proc/<pid>/ns/net` of a process that has the engine's file system.
        let variable = format!("WHARF_TEST_{}_NETNS", engine.name.to_uppercase());
        let Some(process) = std::env::var_os(variable)
            .and_then(|netns| PathBuf::from(netns).ancestors().nth(2).map(PathBuf::from))
            .filter(|process| process.join("root/run").is_dir())
        else {
            return Ok(None);
        };
        let folder = process.join("root/run/systemd");
        let made_folder = match fs::create_dir(&folder) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error.into()),
        };
        let socket = folder.join("private");
        let listener = UnixListener::bind(&socket)?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that leaves is no failure.
                tokio::spawn(async move { serve(stream).await });
            }
        });
        Ok(Some(Self { socket, made_folder, task }))
    }
}

impl Drop for Systemd {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.socket);
        if self.made_folder
            && let Some(folder) = self.socket.parent()
        {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// One D-Bus connection: who is there, in lines, then messages.
async fn serve(stream: UnixStream) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.trim_start_matches('\0').trim_end() {
            "BEGIN" => break,
            "AUTH" => "REJECTED EXTERNAL",
            line if line.starts_with("AUTH EXTERNAL") => "OK 0123456789abcdef0123456789abcdef",
            _ => "ERROR",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
    }
    loop {
        let mut fixed = [0; 16];
        stream.read_exact(&mut fixed).await?;
        let number = |at: usize| {
            let bytes = [fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]];
            if fixed[0] == b'l' { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
        };
        let (body, serial, fields) = (number(4) as usize, number(8), number(12) as usize);
        let mut rest = vec![0; fields.next_multiple_of(8) + body];
        stream.read_exact(&mut rest).await?;
        // 1 is a call of a method.
        if fixed[1] == 1 {
            let lists = rest[..fields].windows(9).any(|name| name == b"ListUnits");
            stream.write_all(&reply(serial, lists)).await?;
            stream.flush().await?;
        }
    }
}

/// The answer to a call: no units where units are asked for, nothing otherwise.
fn reply(serial: u32, lists: bool) -> Vec<u8> {
    const UNITS: &[u8] = b"a(ssssssouso)";
    // Field 5 is the call that is answered, field 8 the type of the body.
    let mut fields = vec![5, 1, b'u', 0];
    fields.extend(serial.to_le_bytes());
    let body: &[u8] = if lists {
        fields.extend([8, 1, b'g', 0, 13]);
        fields.extend(UNITS);
        fields.push(0);
        // The length of the array, and the padding before its first element.
        &[0; 8]
    } else {
        &[]
    };
    // Little endian, a reply that wants none itself, version 1.
    let mut message = vec![b'l', 2, 1, 1];
    for number in [body.len() as u32, 1, fields.len() as u32] {
        message.extend(number.to_le_bytes());
    }
    message.extend(fields);
    message.resize(message.len().next_multiple_of(8), 0);
    message.extend(body);
    message
}
