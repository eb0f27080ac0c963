//! Going along with an archive.

use std::fmt;

use super::header::{self, BLOCK, Header, Kind, Pax};

/// Longest extension (PAX records, a long name) that is kept to be read.
const MAX_EXTENSION: u64 = 1 << 20;
/// The one link of a checkpoint: to the directory of the dump that a dump of changed pages builds on.
const PARENT: &str = "checkpoint/parent";
/// First bytes of compressed files that engines know.
const COMPRESSED: [(&[u8], &str); 4] = [
    (&[0x1f, 0x8b], "gzip"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
    (&[0xfd, b'7', b'z', b'X', b'Z'], "xz"),
    (b"BZh", "bzip2"),
];

/// Why a stream is not an archive that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScanError {
    /// It is not a tar archive.
    NotTar {
        /// Where, in bytes.
        offset: u64,
    },
    /// It is compressed.
    Compressed {
        /// With what.
        format: &'static str,
    },
    /// It ends before its end: a connection or a file was cut.
    Cut {
        /// Where, in bytes.
        offset: u64,
    },
    /// It has an entry that has no place in a checkpoint.
    Entry {
        /// Name of the entry.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTar { offset: 0 } => f.write_str("it is not a tar archive"),
            Self::NotTar { offset } => write!(f, "it is no longer a tar archive at byte {offset}"),
            Self::Compressed { format } => write!(f, "it is compressed with {format}"),
            Self::Cut { offset } => write!(f, "it was cut off after {offset} bytes"),
            Self::Entry { name, reason } => write!(f, "its entry {name:?} {reason}"),
        }
    }
}

impl std::error::Error for ScanError {}

/// An entry that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Captured {
    /// Its content.
    Whole(Vec<u8>),
    /// It is larger than the limit; its size.
    TooLarge(u64),
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Bytes in all.
    pub bytes: u64,
    /// Entries in all.
    pub entries: u64,
    captured: Vec<(String, Captured)>,
}

impl Summary {
    /// An entry that was asked for.
    #[must_use]
    pub fn captured(&self, name: &str) -> Option<&Captured> {
        self.captured.iter().find(|(n, _)| n == name).map(|(_, captured)| captured)
    }

    /// The content of an entry that was asked for, where it was not too large.
    #[must_use]
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        match self.captured(name)? {
            Captured::Whole(bytes) => Some(bytes),
            Captured::TooLarge(_) => None,
        }
    }
}

/// Reads a tar archive that streams by in pieces of any size.
///
/// It keeps no more than the entries that were asked for, up to their limits, one header, and extensions of
/// up to 1 MiB; each byte is looked at once.
///
/// ```
/// use libpod_api::archive::{ScanError, Scanner};
///
/// let mut scanner = Scanner::new();
/// scanner.feed(&[0; 1000]).unwrap();
/// assert_eq!(scanner.clone().finish(), Err(ScanError::Cut { offset: 1000 }));
/// scanner.feed(&[0; 24]).unwrap();
/// assert_eq!(scanner.finish().unwrap().entries, 0);
/// ```
#[derive(Clone, Debug)]
pub struct Scanner {
    wanted: Vec<(&'static str, u64)>,
    strict: bool,
    state: State,
    /// The header or extension that is being gathered.
    buffer: Vec<u8>,
    /// What extensions said of the next entry.
    next: Next,
    /// Where the current header began.
    header_at: u64,
    /// Whether the one link of a checkpoint was seen.
    linked: bool,
    summary: Summary,
}

#[derive(Clone, Debug)]
enum State {
    /// Gathering a header.
    Header,
    /// Within the content of an entry: bytes of content and then of padding that are left.
    Content { left: u64, padding: u64, keep: Keep },
    /// One block of zeros was seen.
    HalfEnd,
    /// Two were.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Nothing,
    /// Into the last captured entry.
    Captured,
    Pax,
    LongName,
}

/// What extensions said of the next entry. A second extension of a kind replaces all of the first.
#[derive(Clone, Debug, Default)]
struct Next {
    /// Empty: none.
    long_name: String,
    long_link: bool,
    pax: Pax,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// Takes nothing out and accepts every entry.
    #[must_use]
    pub fn new() -> Self {
        Self {
            wanted: Vec::new(),
            strict: false,
            state: State::Header,
            buffer: Vec::with_capacity(BLOCK),
            next: Next::default(),
            header_at: 0,
            linked: false,
            summary: Summary::default(),
        }
    }

    /// Takes a top-level entry out, where it has at most this many bytes.
    #[must_use]
    pub fn with_entry(mut self, name: &'static str, limit: u64) -> Self {
        self.wanted.push((name, limit));
        self
    }

    /// Refuses what no engine writes into a checkpoint: absolute names, `..` in names, links (but CRIU's
    /// `checkpoint/parent` to a place within the archive, with nothing written through it), devices, sparse
    /// files, and the same wanted entry twice.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Whether the end of the archive, two blocks of zeros, was seen.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.state, State::End)
    }

    /// Content of an entry that was asked for and is complete by now.
    #[must_use]
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        // The last one may still be growing.
        let growing = matches!(self.state, State::Content { keep: Keep::Captured, left: 1.., .. });
        let complete = self.summary.captured.len() - usize::from(growing);
        self.summary.captured[..complete].iter().find(|(n, _)| n == name).and_then(|(_, c)| match c {
            Captured::Whole(bytes) => Some(bytes.as_slice()),
            Captured::TooLarge(_) => None,
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// The archive is not one, or has an entry that is refused. The scanner is of no use then.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), ScanError> {
        while !bytes.is_empty() {
            let taken = match self.state.clone() {
                State::Header | State::HalfEnd => self.gather_header(bytes)?,
                State::Content { left, padding, keep } => self.content_bytes(bytes, left, padding, keep)?,
                // What follows the end is padding of the tape's record size.
                State::End => bytes.len(),
            };
            self.summary.bytes += taken as u64;
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// The archive is not whole.
    pub fn finish(self) -> Result<Summary, ScanError> {
        if self.is_whole() { Ok(self.summary) } else { Err(ScanError::Cut { offset: self.summary.bytes }) }
    }

    fn gather_header(&mut self, bytes: &[u8]) -> Result<usize, ScanError> {
        let taken = bytes.len().min(BLOCK - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        let Some(block) = self.buffer.first_chunk::<BLOCK>() else {
            return Ok(taken);
        };
        if block.iter().all(|&b| b == 0) {
            self.state = if matches!(self.state, State::HalfEnd) { State::End } else { State::HalfEnd };
            self.buffer.clear();
            return Ok(taken);
        }
        let offset = self.summary.bytes + taken as u64 - BLOCK as u64;
        let Some(header) = header::parse(block) else {
            let compressed = COMPRESSED.iter().find(|(magic, _)| offset == 0 && block.starts_with(magic));
            return Err(match compressed {
                Some((_, format)) => ScanError::Compressed { format },
                None => ScanError::NotTar { offset },
            });
        };
        self.buffer.clear();
        self.begin(header, offset)?;
        Ok(taken)
    }

    fn begin(&mut self, mut header: Header, offset: u64) -> Result<(), ScanError> {
        let keep = match header.kind {
            Kind::Pax | Kind::LongName | Kind::LongLink if header.size > MAX_EXTENSION => {
                return Err(ScanError::NotTar { offset });
            }
            Kind::Pax => Keep::Pax,
            Kind::LongName => Keep::LongName,
            Kind::LongLink => {
                self.next.long_link = true;
                Keep::Nothing
            }
            Kind::Global => {
                self.next = Next::default();
                Keep::Nothing
            }
            Kind::File | Kind::OldFile | Kind::Directory | Kind::Symlink | Kind::Other(_) => {
                let next = std::mem::take(&mut self.next);
                header.name = next.pax.path.clone().unwrap_or(header.name);
                if !next.long_name.is_empty() {
                    header.name.clone_from(&next.long_name);
                }
                if header.kind == Kind::OldFile {
                    header.kind = if header.name.ends_with('/') { Kind::Directory } else { Kind::File };
                }
                let size = next.pax.size.unwrap_or(header.size);
                header.size = if header.kind.has_content() { size } else { 0 };
                self.summary.entries += 1;
                self.check(&header, &next)?;
                self.capture(&header)?
            }
        };
        self.header_at = offset;
        let padding = (BLOCK as u64 - header.size % BLOCK as u64) % BLOCK as u64;
        self.state = State::Content { left: header.size, padding, keep };
        if header.size == 0 {
            self.end_of_content(keep)?;
        }
        Ok(())
    }

    fn check(&mut self, header: &Header, next: &Next) -> Result<(), ScanError> {
        if !self.strict {
            return Ok(());
        }
        let refuse = |reason| Err(ScanError::Entry { name: header.name.clone(), reason });
        if header.name.starts_with('/') {
            return refuse("has an absolute name");
        }
        if header.name.split('/').any(|part| part == "..") {
            return refuse("points out of the archive");
        }
        if next.pax.sparse {
            return refuse("is a sparse file");
        }
        let name = normal(&header.name);
        let below = name.strip_prefix(PARENT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.linked && below {
            return refuse("goes through a link");
        }
        match header.kind {
            Kind::Symlink if name != PARENT => refuse("is a link"),
            Kind::Symlink if next.long_link || next.pax.link || !stays_within(&header.link) => {
                refuse("is a link out of the archive")
            }
            Kind::Symlink => {
                self.linked = true;
                Ok(())
            }
            Kind::Other(b'1') => refuse("is a link"),
            Kind::Other(_) => refuse("is neither a file nor a directory"),
            _ => Ok(()),
        }
    }

    fn capture(&mut self, header: &Header) -> Result<Keep, ScanError> {
        let name = normal(&header.name);
        let Some(&(name, limit)) = self.wanted.iter().find(|(wanted, _)| *wanted == name) else {
            return Ok(Keep::Nothing);
        };
        if self.summary.captured(name).is_some() {
            if self.strict {
                return Err(ScanError::Entry { name: header.name.clone(), reason: "is there twice" });
            }
            return Ok(Keep::Nothing);
        }
        if header.size > limit {
            self.summary.captured.push((name.to_owned(), Captured::TooLarge(header.size)));
            return Ok(Keep::Nothing);
        }
        self.summary.captured.push((name.to_owned(), Captured::Whole(Vec::new())));
        Ok(Keep::Captured)
    }

    fn content_bytes(
        &mut self,
        bytes: &[u8],
        left: u64,
        padding: u64,
        keep: Keep,
    ) -> Result<usize, ScanError> {
        if left == 0 {
            let taken = at_most(bytes.len(), padding);
            let padding = padding - taken as u64;
            self.state = if padding == 0 { State::Header } else { State::Content { left, padding, keep } };
            return Ok(taken);
        }
        let taken = at_most(bytes.len(), left);
        match keep {
            Keep::Nothing => {}
            Keep::Captured => {
                if let Some((_, Captured::Whole(content))) = self.summary.captured.last_mut() {
                    content.extend_from_slice(&bytes[..taken]);
                }
            }
            Keep::Pax | Keep::LongName => self.buffer.extend_from_slice(&bytes[..taken]),
        }
        let left = left - taken as u64;
        self.state = State::Content { left, padding, keep };
        if left == 0 {
            self.end_of_content(keep)?;
        }
        Ok(taken)
    }

    /// Uses a gathered extension, and goes on to the next header where there is no padding.
    fn end_of_content(&mut self, keep: Keep) -> Result<(), ScanError> {
        match keep {
            Keep::Nothing | Keep::Captured => {}
            Keep::LongName => self.next.long_name = header::text(&self.buffer),
            Keep::Pax => {
                let Some(pax) = header::pax(&self.buffer) else {
                    return Err(ScanError::NotTar { offset: self.header_at });
                };
                self.next.pax = pax;
            }
        }
        self.buffer.clear();
        if let State::Content { padding: 0, .. } = self.state {
            self.state = State::Header;
        }
        Ok(())
    }
}

/// A name as it is unpacked: without empty parts and `.`.
fn normal(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}

/// Whether a link in `checkpoint/` leads to a place within the archive.
fn stays_within(target: &str) -> bool {
    let mut depth = 1u32;
    !target.starts_with('/')
        && target.split('/').all(|part| match part {
            "" | "." => true,
            ".." => {
                let above = depth.checked_sub(1);
                depth = above.unwrap_or_default();
                above.is_some()
            }
            _ => {
                depth += 1;
                true
            }
        })
}

fn at_most(available: usize, left: u64) -> usize {
    usize::try_from(left).map_or(available, |left| available.min(left))
}
