//! However the input is cut, the decoders give the same.
#![allow(clippy::unwrap_used, clippy::type_complexity, reason = "tests and their helpers")]

use bytes::Bytes;
use proptest::prelude::*;
use sock_transport::codec::{FrameDecoder, FrameError, JsonSplitError, JsonSplitter, StreamKind};

/// Cuts `input` at the given places (taken modulo its length).
fn cut(input: &[u8], places: &[usize]) -> Vec<Bytes> {
    let mut places: Vec<_> = places.iter().map(|place| place % (input.len() + 1)).collect();
    places.extend([0, input.len()]);
    places.sort_unstable();
    places.windows(2).map(|w| Bytes::copy_from_slice(&input[w[0]..w[1]])).collect()
}

/// The frames' bytes, those of one kind in a row put together, and how it ended.
fn frames(pieces: &[Bytes]) -> (Vec<(StreamKind, Vec<u8>)>, Result<(), FrameError>) {
    let mut decoder = FrameDecoder::new();
    let mut out: Vec<(StreamKind, Vec<u8>)> = Vec::new();
    for piece in pieces {
        let mut input = piece.clone();
        loop {
            match decoder.decode(&mut input) {
                Ok(None) => break,
                Ok(Some(chunk)) => match out.last_mut() {
                    Some((kind, bytes)) if *kind == chunk.stream => bytes.extend_from_slice(&chunk.bytes),
                    _ => out.push((chunk.stream, chunk.bytes.to_vec())),
                },
                Err(error) => return (out, Err(error)),
            }
        }
    }
    let end = decoder.finish();
    (out, end)
}

fn values(pieces: &[Bytes], limit: usize) -> (Vec<Bytes>, Result<(), JsonSplitError>) {
    let mut splitter = JsonSplitter::with_limit(limit);
    let mut out = Vec::new();
    for piece in pieces {
        let mut input = piece.clone();
        loop {
            match splitter.decode(&mut input) {
                Ok(None) => break,
                Ok(Some(value)) => out.push(value),
                Err(error) => return (out, Err(error)),
            }
        }
    }
    let end = splitter.finish().map(|last| out.extend(last));
    (out, end)
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[a-z\"\\\\{}\\[\\],:\u{1e}\n é]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec(("[a-z\"\\\\}]{0,6}", inner), 0..4)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn frames_survive_any_cut(
        list in prop::collection::vec((0_u8..4, prop::collection::vec(any::<u8>(), 0..40)), 0..12),
        lost in 0_usize..20,
        places in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        let mut input = Vec::new();
        let mut want: Vec<(u8, Vec<u8>)> = Vec::new();
        for (kind, payload) in &list {
            input.extend_from_slice(&[*kind, 0, 0, 0]);
            input.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
            input.extend_from_slice(payload);
            if payload.is_empty() {
                continue;
            }
            match want.last_mut() {
                Some((last, bytes)) if last == kind => bytes.extend_from_slice(payload),
                _ => want.push((*kind, payload.clone())),
            }
        }
        let (got, end) = frames(&cut(&input, &places));
        prop_assert_eq!(end, Ok(()));
        let got: Vec<_> = got.into_iter().map(|(kind, bytes)| (kind as u8, bytes)).collect();
        prop_assert_eq!(got, want);

        // A stream that breaks off gives the same as far as it goes, and the same end.
        input.truncate(input.len().saturating_sub(lost));
        prop_assert_eq!(frames(&cut(&input, &places)), frames(&[Bytes::from(input)]));
    }

    #[test]
    fn any_bytes_as_frames_give_the_same_for_any_cut(
        input in prop::collection::vec(prop_oneof![4 => Just(0_u8), 1 => 0_u8..5, 1 => any::<u8>()], 0..200),
        places in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        prop_assert_eq!(frames(&cut(&input, &places)), frames(&[Bytes::from(input)]));
    }

    #[test]
    fn json_values_survive_any_cut(
        list in prop::collection::vec((json(), 0_usize..5), 0..10),
        places in prop::collection::vec(any::<usize>(), 0..30),
    ) {
        let mut input = Vec::new();
        for (value, separator) in &list {
            input.extend(serde_json::to_vec(value).unwrap());
            let nested = value.is_object() || value.is_array() || value.is_string();
            // Numbers and words need something after them.
            let separator = if nested { ["\r\n", "\n", "\u{1e}", "", " "][*separator] } else { "\n" };
            input.extend_from_slice(separator.as_bytes());
        }
        let (got, end) = values(&cut(&input, &places), 1 << 20);
        prop_assert_eq!(end, Ok(()));
        let got: Vec<serde_json::Value> = got.iter().map(|v| serde_json::from_slice(v).unwrap()).collect();
        let want: Vec<_> = list.into_iter().map(|(value, _)| value).collect();
        prop_assert_eq!(got, want);
    }

    #[test]
    fn any_text_as_json_gives_the_same_for_any_cut(
        input in "[{}\\[\\]\"\\\\a1,: \n\u{1e}é]{0,120}",
        places in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        let input = input.into_bytes();
        prop_assert_eq!(values(&cut(&input, &places), 1 << 20), values(&[Bytes::from(input)], 1 << 20));
    }

    #[test]
    fn a_value_is_over_the_limit_however_it_is_cut(
        length in 1_usize..60,
        places in prop::collection::vec(any::<usize>(), 0..10),
    ) {
        let input = format!("[] [\"{}\"] []", "x".repeat(length)).into_bytes();
        let (got, end) = values(&cut(&input, &places), 40);
        if length + 4 <= 40 {
            prop_assert_eq!((got.len(), end), (3, Ok(())));
        } else {
            prop_assert_eq!((got.len(), end), (1, Err(JsonSplitError::TooLarge { limit: 40 })));
        }
    }
}

#[test]
fn a_large_value_in_small_pieces_is_looked_at_once() {
    // Quadratic work would be 32 Mi times 4 Ki bytes here, and never end.
    let value = format!("{{\"a\":[{}1]}}", "123456, ".repeat(4 << 20)).into_bytes();
    let pieces: Vec<_> = value.chunks(8 << 10).map(Bytes::copy_from_slice).collect();
    let (got, end) = values(&pieces, JsonSplitter::DEFAULT_LIMIT);
    assert_eq!((got.len(), got[0].len(), end), (1, value.len(), Ok(())));
}
