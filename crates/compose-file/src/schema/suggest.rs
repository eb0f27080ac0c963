//! "Did you mean".

/// The candidate that is most like `word`, if one is like it at all.
pub(crate) fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // A hostile key of megabytes is like nothing.
    if length > 64 {
        return None;
    }
    let allowed = (length / 3).clamp(1, 4);
    let word = normal(word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 64)
        .map(|candidate| {
            let known = normal(candidate);
            // The start of a word, or a word with an end too much.
            let begins =
                word.len() > 2 && (known.starts_with(&word) || word.starts_with(&known) && known.len() > 2);
            (if begins { 1 } else { distance(&word, &known) }, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case and the kind of separator are the commonest mistakes of all.
fn normal(word: &str) -> Vec<char> {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// How many characters must be inserted, removed, replaced, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["image", "environment", "env_file", "depends_on", "ports", "volumes", "healthcheck"];
        for (word, meant) in [
            ("imgae", Some("image")),
            ("enviroment", Some("environment")),
            ("dependsOn", Some("depends_on")),
            ("depends-on", Some("depends_on")),
            ("port", Some("ports")),
            ("health_check", Some("healthcheck")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(suggest(word, known), meant, "{word}");
        }
        assert_eq!(suggest(&"a".repeat(1 << 20), known), None);
    }
}
