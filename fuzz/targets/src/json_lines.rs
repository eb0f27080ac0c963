//! The splitter of JSON streams, `sock_transport::codec::JsonSplitter`.

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::Deserializer;
use sock_transport::codec::{JsonSplitError, JsonSplitter};

use crate::pieces::{Way, pieces};

/// A limit that inputs of the usual size reach.
const LIMIT: usize = 48;

/// The values that came out, and how it ended.
type Output = (Vec<Bytes>, Result<(), JsonSplitError>);

/// Holds that the values are the same however the input is cut, that nothing but separators is left out,
/// that no value is over the limit and none below it is refused, that a value within one input is not
/// copied, and that every value that a JSON parser reads from the stream is among them, in its place.
///
/// # Panics
/// The splitter breaks one of these.
pub fn check(data: &[u8]) {
    let whole = split(data, Way::Whole, JsonSplitter::DEFAULT_LIMIT);
    let used = nothing_is_lost(data, &whole);
    parser_agrees(data, &whole.0);
    for way in Way::ALL {
        assert_eq!(split(data, way, JsonSplitter::DEFAULT_LIMIT), whole, "cut by {way:?}");
    }
    let limited = with_limit(whole, data.len() - used);
    for way in Way::ALL {
        assert_eq!(split(data, way, LIMIT), limited, "cut by {way:?}, with a limit");
    }
}

fn split(data: &[u8], way: Way, limit: usize) -> Output {
    let mut splitter = JsonSplitter::with_limit(limit);
    let mut output = Vec::new();
    for piece in pieces(data, way) {
        let mut input = Bytes::copy_from_slice(piece);
        let memory = input.as_ptr_range();
        let first = output.len();
        loop {
            match splitter.decode(&mut input) {
                Ok(Some(value)) => {
                    let place = value.as_ptr_range();
                    let within = memory.start <= place.start && place.end <= memory.end;
                    // The first one may have begun in an earlier piece.
                    assert!(within || output.len() == first, "a value was copied");
                    output.push(value);
                }
                Ok(None) => break,
                Err(error) => return (output, Err(error)),
            }
        }
        assert!(input.is_empty(), "input is left over");
    }
    let end = splitter.finish().map(|last| output.extend(last));
    (output, end)
}

/// Checks that the values stand in `data` with only separators between them; gives where the last one ends
/// and its separators, too.
fn nothing_is_lost(data: &[u8], (values, end): &Output) -> usize {
    let mut at = separators_from(data, 0);
    for value in values {
        assert!(!value.is_empty(), "an empty value");
        assert!(data[at..].starts_with(value), "{value:?} does not stand at byte {at}");
        at = separators_from(data, at + value.len());
    }
    match end {
        Ok(()) => assert_eq!(at, data.len(), "something was left out"),
        Err(error) => {
            assert_eq!(*error, JsonSplitError::Truncated);
            assert!(matches!(data.get(at), Some(b'{' | b'[' | b'"')), "a word needs no end");
        }
    }
    at
}

/// What a limit makes of the output without one; `unfinished` bytes belong to a value that did not end.
fn with_limit((mut values, mut end): Output, unfinished: usize) -> Output {
    let too_large = values.iter().position(|value| value.len() > LIMIT);
    if let Some(index) = too_large {
        values.truncate(index);
    }
    if too_large.is_some() || unfinished > LIMIT {
        end = Err(JsonSplitError::TooLarge { limit: LIMIT });
    }
    (values, end)
}

/// A parser reads no further than the first thing that is no JSON; up to there it has to see the same values.
fn parser_agrees(data: &[u8], values: &[Bytes]) {
    // The parser does not know the record separator.
    let data = record_separators_as_spaces(data);
    let mut stream = Deserializer::from_slice(&data).into_iter::<IgnoredAny>();
    let mut index = 0;
    loop {
        let start = separators_from(&data, stream.byte_offset());
        let Some(Ok(_)) = stream.next() else { break };
        let end = stream.byte_offset();
        let is_word = !matches!(data[start], b'{' | b'[' | b'"');
        // To the parser these end a word; to the splitter, which does not judge, they belong to it.
        if is_word && matches!(data.get(end), Some(b']' | b'}' | b',' | b':')) {
            break;
        }
        let value = values.get(index).map(|value| record_separators_as_spaces(value));
        assert_eq!(value.as_deref(), Some(&data[start..end]), "value {index}");
        index += 1;
    }
}

fn record_separators_as_spaces(value: &[u8]) -> Vec<u8> {
    value.iter().map(|b| if *b == 0x1e { b' ' } else { *b }).collect()
}

fn separators_from(data: &[u8], at: usize) -> usize {
    let separators = data[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1e));
    at + separators.count()
}
