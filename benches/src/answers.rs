//! The answers of the server, as bytes that are ready to be sent, in the form in which dockerd sends them.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::Tally;

/// Containers of the list.
const CONTAINERS: u64 = 20;
/// Events that differ, of which the stream is made.
const EVENTS: u64 = 512;
/// About how much of a stream is prepared and sent at a time.
const BLOCK: usize = 256 << 10;
/// Headers of every answer.
const HEADERS: &str = "Api-Version: 1.44\r\nDocker-Experimental: false\r\nOstype: linux\r\nServer: Docker/26.1.5 (linux)\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\n";
/// The command whose output is a few lines: what a health probe is.
pub const PROBE: &str = "probe";

/// Sizes of the streams.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Payload of each log, in bytes, for the frame sizes of [`FRAMES`].
    pub log: [usize; FRAMES.len()],
    /// Events.
    pub events: usize,
}

impl Scale {
    /// For measurements.
    pub const FULL: Self = Self { log: [16 << 20, 64 << 20, 64 << 20], events: 100_000 };
    /// For a look at whether both clients still see the same.
    pub const SMALL: Self = Self { log: [64 << 10, 256 << 10, 1 << 20], events: 1000 };
}

/// Payload sizes of the frames that are measured, in bytes.
pub const FRAMES: [usize; 3] = [64, 1 << 10, 16 << 10];

/// The container, and the exec, whose output consists of frames of `size` bytes.
#[must_use]
pub fn frames_name(size: usize) -> String {
    format!("frames-{size}")
}

/// One prepared answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// The head, and the body where it is short.
    pub head: Vec<u8>,
    /// A part of the body that comes many times.
    pub block: Vec<u8>,
    /// How many times.
    pub times: usize,
    /// The end of the body.
    pub tail: &'static [u8],
    /// Whether the connection is closed afterwards.
    pub closes: bool,
    /// What there is to find in it.
    pub tally: Tally,
}

/// All answers, by method and path without the version, such as `GET /_ping`.
#[derive(Debug)]
pub struct Answers(HashMap<String, Answer>);

impl Answers {
    /// Prepares all of them.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let mut all = HashMap::new();
        let mut put = |key: String, answer| {
            all.insert(key, answer);
        };
        put("GET /_ping".to_owned(), whole("200 OK", "text/plain; charset=utf-8", "OK", text("OK")));
        put("GET /version".to_owned(), version());
        put("GET /containers/json".to_owned(), containers());
        put("GET /events".to_owned(), events(scale.events));
        exec(&mut put, PROBE, probe_output());
        for (size, total) in FRAMES.into_iter().zip(scale.log) {
            let frames = Frames::new(size, total);
            let name = frames_name(size);
            put(format!("GET /containers/{name}/logs"), frames.log());
            exec(&mut put, &name, frames.output());
        }
        Self(all)
    }

    /// The answer to a request.
    #[must_use]
    pub fn to(&self, method: &str, target: &str) -> Option<&Answer> {
        let path = target.split('?').next().unwrap_or(target);
        let unversioned = path.strip_prefix("/v").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
        self.0.get(&format!("{method} {}", unversioned.unwrap_or(path)))
    }

    /// What there is to find in an answer; nothing where there is none.
    #[must_use]
    pub fn tally(&self, method: &str, path: &str) -> Tally {
        self.to(method, path).map(|answer| answer.tally).unwrap_or_default()
    }
}

const fn text(text: &str) -> Tally {
    Tally { values: 1, bytes: text.len() as u64, sum: 0 }
}

/// An answer with a length.
fn whole(status: &str, kind: &str, body: &str, tally: Tally) -> Answer {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{HEADERS}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    Answer { head: head.into_bytes(), tally, ..Answer::default() }
}

fn json(status: &str, body: &str, tally: Tally) -> Answer {
    whole(status, "application/json", body, tally)
}

/// An answer that is sent as it comes about: each flush of the engine is one chunk.
fn chunked(kind: &str, pieces: &[Vec<u8>], times: usize, tally: Tally) -> Answer {
    let head =
        format!("HTTP/1.1 200 OK\r\n{HEADERS}Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let mut block = Vec::new();
    for piece in pieces {
        block.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        block.extend_from_slice(piece);
        block.extend_from_slice(b"\r\n");
    }
    Answer { head: head.into_bytes(), block, times, tail: b"0\r\n\r\n", closes: false, tally }
}

fn version() -> Answer {
    let body = r#"{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"26.1.5+dfsg1","Details":{"ApiVersion":"1.45","Arch":"amd64","BuildTime":"2024-11-01T00:00:00.000000000+00:00","Experimental":"false","GitCommit":"411e817","GoVersion":"go1.24.4","KernelVersion":"6.12.0","MinAPIVersion":"1.24","Os":"linux"}},{"Name":"containerd","Version":"1.7.24","Details":{"GitCommit":"1.7.24~ds1-6"}},{"Name":"runc","Version":"1.1.15+ds1","Details":{"GitCommit":"1.1.15+ds1-2"}}],"Version":"26.1.5+dfsg1","ApiVersion":"1.45","MinAPIVersion":"1.24","GitCommit":"411e817","GoVersion":"go1.24.4","Os":"linux","Arch":"amd64","KernelVersion":"6.12.0","BuildTime":"2024-11-01T00:00:00.000000000+00:00"}"#;
    json("200 OK", body, Tally { values: 1, bytes: ("26.1.5+dfsg1".len() + "6.12.0".len()) as u64, sum: 3 })
}

/// A list as `docker compose ps` reads it: labels, ports, a network and a mount for each container.
fn containers() -> Answer {
    let mut body = String::from("[");
    let mut tally = Tally::default();
    for n in 0..CONTAINERS {
        let id = format!("{n:064x}");
        let labels = [
            ("com.docker.compose.project", "shop".to_owned()),
            ("com.docker.compose.service", format!("service-{n}")),
            ("com.docker.compose.container-number", "1".to_owned()),
            ("com.docker.compose.oneoff", "False".to_owned()),
            ("com.docker.compose.config-hash", format!("{n:064x}")),
            ("com.docker.compose.project.working_dir", "/srv/shop".to_owned()),
        ];
        let labels_json: Vec<String> =
            labels.iter().map(|(key, value)| format!("\"{key}\":\"{value}\"")).collect();
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            r#"{comma}{{"Id":"{id}","Names":["/shop-service-{n}-1"],"Image":"registry.example/shop/service-{n}:1.2.3","ImageID":"sha256:{id}","Command":"/usr/local/bin/serve --port 8080","Created":1764000000,"Ports":[{{"IP":"0.0.0.0","PrivatePort":8080,"PublicPort":{port},"Type":"tcp"}},{{"PrivatePort":9090,"Type":"tcp"}}],"Labels":{{{labels}}},"State":"running","Status":"Up 3 hours (healthy)","HostConfig":{{"NetworkMode":"shop_default"}},"NetworkSettings":{{"Networks":{{"shop_default":{{"IPAMConfig":null,"Links":null,"Aliases":null,"MacAddress":"02:42:ac:12:00:02","DriverOpts":null,"NetworkID":"{id}","EndpointID":"{id}","Gateway":"172.18.0.1","IPAddress":"172.18.0.2","IPPrefixLen":16,"IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}}}}},"Mounts":[{{"Type":"volume","Name":"shop_data-{n}","Source":"/var/lib/docker/volumes/shop_data-{n}/_data","Destination":"/data","Driver":"local","Mode":"z","RW":true,"Propagation":""}}]}}"#,
            comma = if n > 0 { "," } else { "" },
            port = 20_000 + n,
            labels = labels_json.join(","),
        );
        let names = format!("/shop-service-{n}-1").len() + id.len();
        let values: usize = labels.iter().map(|(_, value)| value.len()).sum();
        tally += Tally { values: 1, bytes: (names + values) as u64, sum: 8080 + 9090 };
    }
    body.push(']');
    json("200 OK", &body, tally)
}

/// Events of containers with the labels that Compose gives them; each is a chunk of its own.
fn events(count: usize) -> Answer {
    let mut tally = Tally::default();
    let pieces: Vec<Vec<u8>> = (0..EVENTS)
        .map(|n| {
            let id = format!("{n:064x}");
            let action = ["create", "start", "die", "destroy"][usize::try_from(n % 4).unwrap_or(0)];
            let image = "registry.example/shop/web:1.2.3";
            let (name, service) = (format!("shop-web-{n}"), format!("web-{n}"));
            let time = 1_764_000_000_000_000_000 + n;
            tally += Tally {
                values: 1,
                bytes: (id.len() + action.len() + image.len() + name.len() + "shop".len() + service.len()) as u64,
                sum: time,
            };
            format!(
                r#"{{"status":"{action}","id":"{id}","from":"{image}","Type":"container","Action":"{action}","Actor":{{"ID":"{id}","Attributes":{{"com.docker.compose.project":"shop","com.docker.compose.service":"{service}","image":"{image}","name":"{name}"}}}},"scope":"local","time":1764000000,"timeNano":{time}}}"#
            )
            .into_bytes()
        })
        .map(|mut line| {
            line.push(b'\n');
            line
        })
        .collect();
    let times = count.div_ceil(pieces.len());
    chunked("application/json", &pieces, times, tally.times(times as u64))
}

/// Frames of one size; every fourth is of standard error.
struct Frames {
    pieces: Vec<Vec<u8>>,
    times: usize,
    tally: Tally,
}

impl Frames {
    fn new(size: usize, total: usize) -> Self {
        let count = (BLOCK / size).next_multiple_of(4);
        let pieces: Vec<Vec<u8>> = (0..count)
            .map(|n| {
                let mut line = vec![b'a' + u8::try_from(n % 26).unwrap_or(0); size];
                line[size - 1] = b'\n';
                frame(if n % 4 == 3 { 2 } else { 1 }, &line)
            })
            .collect();
        let times = total.div_ceil(count * size);
        let quarter = (count / 4 * size) as u64;
        let tally = Tally { values: 1, bytes: 3 * quarter, sum: quarter }.times(times as u64);
        Self { pieces, times, tally: Tally { values: 1, ..tally } }
    }

    fn log(&self) -> Answer {
        chunked("application/vnd.docker.multiplexed-stream", &self.pieces, self.times, self.tally)
    }

    /// The same on a connection that was handed over.
    fn output(&self) -> Answer {
        Answer { block: self.pieces.concat(), times: self.times, ..handed_over(self.tally) }
    }
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[kind, 0, 0, 0], &length[..], payload].concat()
}

fn handed_over(tally: Tally) -> Answer {
    let head = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nApi-Version: 1.44\r\n\r\n";
    Answer { head: head.into(), closes: true, tally, ..Answer::default() }
}

fn probe_output() -> Answer {
    let (out, err) = (&b"checking the port\nok\n"[..], &b"a warning\n"[..]);
    let tally = Tally { values: 1, bytes: out.len() as u64, sum: err.len() as u64 };
    Answer { block: [frame(2, err), frame(1, out)].concat(), times: 1, ..handed_over(tally) }
}

/// Create, start and inspect of an exec that has the name of its container.
fn exec(put: &mut impl FnMut(String, Answer), name: &str, output: Answer) {
    let created = format!("{{\"Id\":\"{name}\"}}\n");
    put(format!("POST /containers/{name}/exec"), json("201 Created", &created, text(name)));
    let tally = output.tally;
    put(format!("POST /exec/{name}/start"), output);
    let state = format!(
        r#"{{"ID":"{name}","Running":false,"ExitCode":7,"ProcessConfig":{{"tty":false,"entrypoint":"test","arguments":["-f","/ok"],"privileged":false}},"OpenStdin":false,"OpenStderr":true,"OpenStdout":true,"CanRemove":false,"ContainerID":"{name}","DetachKeys":"","Pid":4711}}"#
    );
    // A round trip is counted here: its output, and the exit code.
    put(format!("GET /exec/{name}/json"), json("200 OK", &state, Tally { sum: tally.sum + 7, ..tally }));
}
