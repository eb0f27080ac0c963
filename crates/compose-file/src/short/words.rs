//! A command line in one string. No shell runs it: it is split into words by rules of its own.

/// Splits a command line. The second value is what the line was cut at, if it was: an unquoted `;`, `&`, `|`, `<` or `>`
/// ends it, since Compose does not run a shell. `None`: quotes or brackets are not closed.
pub(crate) fn split_words(line: &str) -> Option<(Vec<String>, Option<char>)> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut has_word = false;
    let (mut escaped, mut double, mut single, mut back, mut dollar) = (false, false, false, false, false);
    let mut cut = None;
    for c in line.chars() {
        if escaped {
            word.push(match c {
                't' => '\t',
                'n' => '\n',
                other => other,
            });
            escaped = false;
            has_word = true;
            continue;
        }
        let quoted = single || double || back || dollar;
        match c {
            '\\' if single => word.push(c),
            '\\' => escaped = true,
            ' ' | '\t' | '\r' | '\n' if quoted => word.push(c),
            ' ' | '\t' | '\r' | '\n' => {
                if has_word {
                    words.push(std::mem::take(&mut word));
                    has_word = false;
                }
            }
            '"' if !single && !dollar => {
                has_word |= double;
                double = !double;
            }
            '\'' if !double && !dollar => {
                has_word |= single;
                single = !single;
            }
            '(' if !single && !double && !back => {
                if dollar || !word.ends_with('$') {
                    return None;
                }
                dollar = true;
                word.push(c);
            }
            ';' | '&' | '|' | '<' | '>' if !quoted => {
                // The number of a file descriptor before `>` goes with it.
                if c == '>' && word.starts_with(|first: char| first.is_ascii_digit()) {
                    has_word = false;
                }
                cut = Some(c);
                break;
            }
            _ => {
                match c {
                    '`' if !single && !double && !dollar => back = !back,
                    ')' if !single && !double && !back => dollar = !dollar,
                    _ => {}
                }
                has_word = true;
                word.push(c);
            }
        }
    }
    if has_word {
        words.push(word);
    }
    (!(escaped || double || single || back || dollar)).then_some((words, cut))
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn words_and_quotes() {
        for (line, words) in [
            ("", &[] as &[&str]),
            ("echo a  b", &["echo", "a", "b"]),
            (r#"sh -c "x; y" z"#, &["sh", "-c", "x; y", "z"]),
            (r"a\tb", &["a\tb"]),
            (r"'a\tb'", &[r"a\tb"]),
            (r"a\ b", &["a b"]),
            ("''", &[""]),
            (r#""" x"#, &["", "x"]),
            ("a#b #c", &["a#b", "#c"]),
            ("a `b c` d", &["a", "`b c`", "d"]),
            ("echo $(ls -l)", &["echo", "$(ls -l)"]),
            ("it\"'\"s", &["it's"]),
        ] {
            let (found, cut) = split_words(line).unwrap();
            assert_eq!(found, words, "{line}");
            assert_eq!(cut, None, "{line}");
        }
    }

    #[test]
    fn operators_end_the_line() {
        assert_eq!(split_words("echo a && echo b"), Some((vec!["echo".into(), "a".into()], Some('&'))));
        assert_eq!(split_words("echo 2>x"), Some((vec!["echo".into()], Some('>'))));
        assert_eq!(split_words("2>x"), Some((vec![], Some('>'))));
    }

    #[test]
    fn open_quotes_are_refused() {
        for line in ["a \"b", "a 'b", "a\\", "a `b", "a(b", "a)b", "$(a"] {
            assert_eq!(split_words(line), None, "{line}");
        }
    }
}
