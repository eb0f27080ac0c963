//! The demultiplexer of stdout and stderr, `sock_transport::codec::FrameDecoder`.

use bytes::Bytes;
use sock_transport::codec::{FrameDecoder, FrameError, StreamKind};

use crate::pieces::{Way, pieces};

/// What came out: neighbouring pieces of one stream put together, and how it ended.
type Output = (Vec<(StreamKind, Vec<u8>)>, Result<(), FrameError>);

/// Holds that the output is what the format says of the input, however it is cut: no byte of payload is
/// lost, added or given to the other stream, and what precedes an error still arrives. Payload is a slice
/// of the input, so that no announced length costs memory. What was decoded, written as frames, decodes to
/// itself.
///
/// # Panics
/// The decoder breaks one of these.
pub fn check(data: &[u8]) {
    let expected = by_the_format(data);
    for way in Way::ALL {
        assert_eq!(decoded(data, way), expected, "cut by {way:?}");
    }
    let frames = encoded(&expected.0);
    assert_eq!(decoded(&frames, Way::Whole), (expected.0, Ok(())), "written and read again");
}

fn decoded(data: &[u8], way: Way) -> Output {
    let mut decoder = FrameDecoder::new();
    let mut output = Vec::new();
    for piece in pieces(data, way) {
        let mut input = Bytes::copy_from_slice(piece);
        let memory = input.as_ptr_range();
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(chunk)) => {
                    assert!(!chunk.bytes.is_empty(), "an empty piece");
                    let place = chunk.bytes.as_ptr_range();
                    assert!(memory.start <= place.start && place.end <= memory.end, "payload was copied");
                    append(&mut output, chunk.stream, &chunk.bytes);
                }
                Ok(None) => break,
                Err(error) => return (output, Err(error)),
            }
        }
        assert!(input.is_empty(), "input is left over");
    }
    let end = decoder.finish();
    (output, end)
}

fn by_the_format(mut rest: &[u8]) -> Output {
    let mut output = Vec::new();
    while let Some((header, payload)) = rest.split_first_chunk::<8>() {
        let stream = match header {
            [0, 0, 0, 0, ..] => StreamKind::Stdin,
            [1, 0, 0, 0, ..] => StreamKind::Stdout,
            [2, 0, 0, 0, ..] => StreamKind::Stderr,
            [3, 0, 0, 0, ..] => StreamKind::SystemError,
            _ => return (output, Err(FrameError::NotMultiplexed)),
        };
        let length = usize::try_from(u32::from_be_bytes([header[4], header[5], header[6], header[7]]));
        let length = length.unwrap_or(usize::MAX);
        append(&mut output, stream, &payload[..length.min(payload.len())]);
        let Some(next) = payload.get(length..) else { return (output, Err(FrameError::Truncated)) };
        rest = next;
    }
    (output, if rest.is_empty() { Ok(()) } else { Err(FrameError::Truncated) })
}

fn append(output: &mut Vec<(StreamKind, Vec<u8>)>, stream: StreamKind, bytes: &[u8]) {
    match output.last_mut() {
        _ if bytes.is_empty() => {}
        Some((last, all)) if *last == stream => all.extend_from_slice(bytes),
        _ => output.push((stream, bytes.to_vec())),
    }
}

fn encoded(output: &[(StreamKind, Vec<u8>)]) -> Vec<u8> {
    let mut frames = Vec::new();
    for (stream, bytes) in output {
        let kind = match stream {
            StreamKind::Stdin => 0,
            StreamKind::Stdout => 1,
            StreamKind::Stderr => 2,
            StreamKind::SystemError => 3,
        };
        frames.extend([kind, 0, 0, 0]);
        frames.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        frames.extend(bytes);
    }
    frames
}
