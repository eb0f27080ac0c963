//! Rust source with its comments and literals blanked, so that a search finds code only.

/// `source` with every character inside a comment, string or character literal turned into a space. Lines stay lines.
pub(super) fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        if end > at {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none begins there.
fn literal_end(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if next(1) == '/' => chars[at..].iter().position(|&c| c == '\n').map_or(chars.len(), |n| at + n),
        '/' if next(1) == '*' => block_end(chars, at + 2),
        '"' => string_end(chars, at + 1),
        'b' | 'c' if !inside_word && next(1) == '"' => string_end(chars, at + 2),
        'b' | 'c' if !inside_word && next(1) == 'r' => raw_end(chars, at, at + 2),
        'r' if !inside_word => raw_end(chars, at, at + 1),
        // A quote and one character is a literal; a quote and a name is a lifetime.
        '\'' if next(1) == '\\' => {
            // The character after the backslash may be the quote itself.
            let body = (at + 3).min(chars.len());
            chars[body..].iter().position(|&c| c == '\'').map_or(chars.len(), |n| body + n + 1)
        }
        '\'' if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn block_end(chars: &[char], mut at: usize) -> usize {
    let mut depth = 1;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of a raw string whose `r` stands before `at`; `start` when it is none (`r#name`, say).
fn raw_end(chars: &[char], start: usize, at: usize) -> usize {
    let hashes = chars[at..].iter().take_while(|&&c| c == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return start;
    }
    let body = at + hashes + 1;
    (body..chars.len())
        .find(|&n| {
            chars[n] == '"' && chars[n + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes
        })
        .map_or(chars.len(), |n| n + 1 + hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked() {
        for (source, code) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"x("a\"b", 'c', '\'', '\u{41}')"#, "x(      ,    ,     ,         )"),
            (r###"r#"todo!"# r##"a"#b"## r#type"###, "                       r#type"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("b\"x\" br\"y\" bar\"", "           bar "),
            ("\"open", "     "),
        ] {
            assert_eq!(code_only(source), code, "{source}");
        }
    }

    #[test]
    fn broken_source_does_not_break_the_check() {
        for source in ["'\\", "'", "r#", "r#\"", "/*", "\"\\", "b'"] {
            assert!(code_only(source).chars().count() >= source.chars().count() - 1, "{source}");
        }
    }
}
