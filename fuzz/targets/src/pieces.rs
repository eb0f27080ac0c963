//! Cutting an input into pieces, as a socket does.

/// How to cut. Every run over the same input gives the same pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// Not at all.
    Whole,
    /// Into single bytes.
    Bytes,
    /// Into pieces of one to this many bytes, at places that follow from the input.
    UpTo(u16),
}

impl Way {
    /// Those that are compared.
    pub(crate) const ALL: [Self; 4] = [Self::Whole, Self::Bytes, Self::UpTo(12), Self::UpTo(700)];
}

/// `data` in pieces, none of them empty.
pub(crate) fn pieces(data: &[u8], way: Way) -> impl Iterator<Item = &[u8]> {
    let mut rest = data;
    // FNV-1a, so that every change of the input also moves the cuts.
    let mut state = data
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    std::iter::from_fn(move || {
        let length = match way {
            Way::Whole => rest.len(),
            Way::Bytes => 1,
            Way::UpTo(most) => {
                // xorshift*: the seed must not be zero.
                state = state.max(1);
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                let drawn = state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
                usize::try_from(drawn % u64::from(most)).unwrap_or_default() + 1
            }
        };
        let (piece, left) = rest.split_at(length.min(rest.len()));
        rest = left;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_input() {
        let data: Vec<u8> = (0..=255).cycle().take(5000).collect();
        for way in Way::ALL {
            let all: Vec<&[u8]> = pieces(&data, way).collect();
            assert_eq!(all.concat(), data);
            assert!(all.iter().all(|piece| !piece.is_empty()));
            assert_eq!(all.len() == 1, matches!(way, Way::Whole));
        }
        assert_eq!(pieces(b"", Way::Whole).count(), 0);
    }
}
