//! Splitting a stream of JSON values.

use std::fmt;

use bytes::{Buf as _, Bytes, BytesMut};
use memchr::{memchr, memchr2};

/// Splits a stream into JSON values, whatever stands between them: `\r\n`, `\n`, the record separator
/// `0x1e` of RFC 7464, or nothing at all.
///
/// Only the extent of each value is found here; it is not checked further. Every byte is looked at once,
/// however the stream is cut, and a value that lies within one input is passed on without a copy.
///
/// Numbers and the words `true`, `false` and `null` end only at a separator or at the end of the stream.
///
/// ```
/// use bytes::Bytes;
/// use sock_transport::codec::JsonSplitter;
///
/// let mut splitter = JsonSplitter::new();
/// let mut input = Bytes::from_static(b"{\"a\":1}{\"b\":");
/// assert_eq!(splitter.decode(&mut input)?.unwrap(), "{\"a\":1}");
/// assert!(splitter.decode(&mut input)?.is_none());
/// let mut input = Bytes::from_static(b"2}\r\n");
/// assert_eq!(splitter.decode(&mut input)?.unwrap(), "{\"b\":2}");
/// # Ok::<(), sock_transport::codec::JsonSplitError>(())
/// ```
#[derive(Debug)]
pub struct JsonSplitter {
    /// The beginning of a value whose end has not arrived; all of it has been looked at.
    pending: BytesMut,
    state: State,
    /// Open brackets and braces around the current byte.
    depth: usize,
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between values.
    Between,
    /// In an array or object, outside of strings.
    Nested,
    /// In a string, at the depth given by `depth`.
    Text,
    /// In a string, after a backslash.
    Escape,
    /// In a number or word at the top.
    Word,
}

impl Default for JsonSplitter {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonSplitter {
    /// The largest value that is accepted where nothing else is said: 64 MiB.
    pub const DEFAULT_LIMIT: usize = 64 << 20;

    /// A splitter at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(Self::DEFAULT_LIMIT)
    }

    /// A splitter that refuses a value of more than `limit` bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self { pending: BytesMut::new(), state: State::Between, depth: 0, limit }
    }

    /// Takes the next value from `input`. `None` means that all of `input` is used up.
    ///
    /// # Errors
    /// The value is larger than the limit. The splitter must not be used after that.
    pub fn decode(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, JsonSplitError> {
        if self.state == State::Between {
            skip_separators(input);
            if input.is_empty() {
                return Ok(None);
            }
        }
        let end = self.scan(input);
        let length = self.pending.len().saturating_add(end.unwrap_or(input.len()));
        if length > self.limit {
            return Err(JsonSplitError::TooLarge { limit: self.limit });
        }
        let Some(end) = end else {
            self.pending.extend_from_slice(input);
            input.clear();
            return Ok(None);
        };
        self.state = State::Between;
        let tail = input.split_to(end);
        if self.pending.is_empty() {
            return Ok(Some(tail));
        }
        self.pending.extend_from_slice(&tail);
        Ok(Some(self.pending.split().freeze()))
    }

    /// Where the line ends that an object begins, if no value has begun before it. It may hold less than the
    /// object, or more: whether it is one value is for a parser to say.
    pub(crate) fn line(&self, input: &mut Bytes) -> Option<usize> {
        if self.state != State::Between {
            return None;
        }
        skip_separators(input);
        if input.first() != Some(&b'{') {
            return None;
        }
        memchr(b'\n', input).filter(|end| *end <= self.limit)
    }

    /// What the end of the stream completes: a number or word at the top has no other end.
    ///
    /// # Errors
    /// The stream ended in the middle of a value.
    pub fn finish(&mut self) -> Result<Option<Bytes>, JsonSplitError> {
        match std::mem::replace(&mut self.state, State::Between) {
            State::Between => Ok(None),
            State::Word => Ok(Some(self.pending.split().freeze())),
            State::Nested | State::Text | State::Escape => Err(JsonSplitError::Truncated),
        }
    }

    /// Looks at all of `input` up to the end of the current value, and says where that is.
    fn scan(&mut self, input: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = input.get(at) {
            match self.state {
                State::Text => {
                    let found = memchr2(b'"', b'\\', &input[at..])?;
                    at += found + 1;
                    if input[at - 1] == b'\\' {
                        self.state = State::Escape;
                    } else if self.depth == 0 {
                        return Some(at);
                    } else {
                        self.state = State::Nested;
                    }
                    continue;
                }
                State::Escape => self.state = State::Text,
                // An opening byte after a word starts a value of its own.
                State::Word if is_separator(byte) || matches!(byte, b'{' | b'[' | b'"') => return Some(at),
                State::Word => {}
                State::Between | State::Nested => match byte {
                    b'{' | b'[' => {
                        self.depth += 1;
                        self.state = State::Nested;
                    }
                    b'"' => self.state = State::Text,
                    b'}' | b']' if self.state == State::Nested => {
                        self.depth -= 1;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ if self.state == State::Between => self.state = State::Word,
                    _ => {}
                },
            }
            at += 1;
        }
        None
    }
}

fn skip_separators(input: &mut Bytes) {
    let count = input.iter().take_while(|byte| is_separator(**byte)).count();
    input.advance(count);
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)
}

/// Why a stream of JSON values could not be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonSplitError {
    /// One value is larger than the splitter accepts.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The stream ended in the middle of a value.
    Truncated,
}

impl fmt::Display for JsonSplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "one JSON value of the stream is over {limit} bytes long"),
            Self::Truncated => f.write_str("the stream ended in the middle of a JSON value"),
        }
    }
}

impl std::error::Error for JsonSplitError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(chunks: &[&str]) -> Result<Vec<String>, JsonSplitError> {
        let mut splitter = JsonSplitter::with_limit(64);
        let mut out = Vec::new();
        for chunk in chunks {
            let mut input = Bytes::copy_from_slice(chunk.as_bytes());
            while let Some(value) = splitter.decode(&mut input)? {
                out.push(String::from_utf8(value.to_vec()).unwrap());
            }
            assert!(input.is_empty());
        }
        out.extend(splitter.finish()?.map(|v| String::from_utf8(v.to_vec()).unwrap()));
        Ok(out)
    }

    fn ok(values: &[&str]) -> Result<Vec<String>, JsonSplitError> {
        Ok(values.iter().map(|v| (*v).to_owned()).collect())
    }

    #[test]
    fn any_separator() {
        assert_eq!(
            split(&["{\"a\":1}\r\n[2]\n\"x\"\x1e{}{}  17\ntrue"]),
            ok(&["{\"a\":1}", "[2]", "\"x\"", "{}", "{}", "17", "true"])
        );
    }

    #[test]
    fn braces_and_quotes_in_strings_do_not_count() {
        let value = r#"{"a":"}\"]{","b":["\\"]}"#;
        assert_eq!(split(&[value, value]), ok(&[value, value]));
    }

    #[test]
    fn a_value_in_one_input_is_not_copied() {
        let mut input = Bytes::from_static(b"{\"a\":1}\n{\"b\":2}");
        let at = input.as_ptr();
        let first = JsonSplitter::new().decode(&mut input).unwrap().unwrap();
        assert_eq!(first.as_ptr(), at);
    }

    #[test]
    fn a_cut_value_is_put_together() {
        assert_eq!(split(&["{\"a", "\":\"\\", "\"}\"", "}4", "2 ", ""]), ok(&["{\"a\":\"\\\"}\"}", "42"]));
    }

    #[test]
    fn a_value_over_the_limit_is_an_error_even_when_it_never_ends() {
        let long = format!("[\"{}\"]", "x".repeat(64));
        assert_eq!(split(&[&long]), Err(JsonSplitError::TooLarge { limit: 64 }));
        let endless = ["[\"xxxxxxxxx"; 9];
        assert_eq!(split(&endless), Err(JsonSplitError::TooLarge { limit: 64 }));
        assert_eq!(split(&[&" \n".repeat(100), "{}"]), ok(&["{}"]), "separators do not count");
    }

    #[test]
    fn the_end_inside_a_value_is_an_error() {
        for cut in ["{", "{\"a", "[1,{}", "\"\\"] {
            assert_eq!(split(&[cut]), Err(JsonSplitError::Truncated), "{cut}");
        }
    }

    #[test]
    fn text_that_is_no_json_comes_out_for_the_parser_to_refuse() {
        assert_eq!(split(&["oops }] here\n{}"]), ok(&["oops", "}]", "here", "{}"]));
    }
}
