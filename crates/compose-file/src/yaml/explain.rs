//! Says in plain words what is wrong with a text that is not YAML. The parser's own messages are for people who know
//! YAML's grammar, and often stand far from the slip.

/// What to tell about a mistake in the grammar.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Explained {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Where the slip itself probably is: a character, and what is there.
    pub(super) cause: Option<(usize, String)>,
}

impl Explained {
    fn new(message: &str, help: &str) -> Self {
        let help = Some(help.to_owned()).filter(|help| !help.is_empty());
        Self { message: format!("the file is not valid YAML: {message}"), help, cause: None }
    }
}

/// Explains the parser's message `info` about the character `at` of a text.
pub(super) fn explain(info: &str, text: &str, at: usize) -> Explained {
    let lines = Lines::around(text, at);
    if info.contains("tab") {
        return Explained::new(
            "this line is indented with a tab",
            "indent with spaces; YAML does not allow tabs here",
        );
    }
    if info.contains("unexpected end of stream") && info.contains("quoted")
        || info == "invalid indentation in quoted scalar"
    {
        return Explained::new("the quote that opens here has no end", "close it on the same line");
    }
    if info.contains("trailing content after") {
        return Explained::new(
            "there is text after the closing quote",
            "put the quotes around the whole value, or leave them out",
        );
    }
    if info.contains("quoted scalar") {
        return Explained::new(
            "the double quotes that open here hold a `\\` that starts no known escape",
            "write `\\\\` for a backslash, or use single quotes",
        );
    }
    if let Some(c) = info.strip_prefix("unexpected character: `").and_then(|rest| rest.chars().next()) {
        return Explained::new(&format!("a value cannot begin with `{c}`"), "put the value in quotes");
    }
    if info.contains("unknown anchor") {
        return Explained::new(
            "there is no anchor of this name above",
            "an anchor `&name` must come before the alias `*name`; a text that begins with `*` must be in quotes",
        );
    }
    // A bracket that stays open swallows everything that follows.
    let in_brackets =
        ["flow", "',' or"].iter().any(|word| info.contains(word)) || info == "invalid indentation";
    if in_brackets && let Some((open, bracket)) = open_bracket(text, at) {
        let close = if bracket == '[' { ']' } else { '}' };
        return Explained {
            cause: Some((open, format!("this `{bracket}` is not closed"))),
            ..Explained::new(
                &format!("a `{close}` or a comma is missing before this"),
                &format!("close the `{bracket}` with `{close}`, and put commas between what is inside"),
            )
        };
    }
    if info == "misplaced bracket" {
        return Explained::new("this bracket closes nothing", "remove it, or put the value in quotes");
    }
    if info.contains("mapping values are not allowed") {
        return lines.misplaced_colon();
    }
    if info.contains("simple key") {
        return lines.missing_colon();
    }
    if info.contains("block mapping")
        || info.contains("block collection")
        || info.contains("block sequence")
        || info.contains("indentation")
    {
        let dash = if info.contains("'-'") {
            "the lines above are a list, and this line is not one of its items"
        } else {
            "this line is not indented like the lines that it belongs to"
        };
        return Explained::new(
            dash,
            "lines of one level begin in the same column, and what belongs below a key is indented further",
        );
    }
    Explained::new(info, "")
}

/// The line of a mistake and the one before it that says something.
struct Lines<'t> {
    here: &'t str,
    /// How much of the line comes before the mistake.
    before: &'t str,
    above: Option<Above<'t>>,
}

struct Above<'t> {
    text: &'t str,
    /// The character where it begins.
    start: usize,
}

impl<'t> Lines<'t> {
    fn around(text: &'t str, at: usize) -> Self {
        let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
        let start = text[..byte].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[byte..].find('\n').map_or(text.len(), |newline| byte + newline);
        let mut above = None;
        let mut from = start;
        while from > 0 && above.is_none() {
            let stop = from - 1;
            from = text[..stop].rfind('\n').map_or(0, |newline| newline + 1);
            let line = text[from..stop].trim_end();
            let said = line.trim_start();
            if !said.is_empty() && !said.starts_with('#') {
                let indent = line.len() - said.len();
                above = Some(Above { text: said, start: text[..from + indent].chars().count() });
            }
        }
        Self { here: &text[start..end], before: &text[start..byte], above }
    }

    /// A `key: value` where there cannot be one.
    fn misplaced_colon(&self) -> Explained {
        // The first colon of the line that ends a key is the good one; a second one is within the value.
        if self.before.contains(": ") {
            return Explained::new(
                "there is a second `: ` in this line",
                "put the value in quotes, since it contains `: `",
            );
        }
        self.slip_above("this line does not fit to the line above it")
    }

    /// A line without the colon that a key needs.
    fn missing_colon(&self) -> Explained {
        let word = self.here.trim();
        if let Some(fixed) = with_space(word) {
            return Explained::new("there is no space after the colon", &format!("write `{fixed}`"));
        }
        if !word.is_empty() && !word.contains(':') && word.len() <= 60 {
            return Explained::new(
                &format!("`{word}` has no `:` after it"),
                &format!("write `{word}:` if it is a key"),
            );
        }
        self.slip_above("a key with a `:` is missing")
    }

    /// Looks for the slip in the line above.
    fn slip_above(&self, message: &str) -> Explained {
        let Some(above) = &self.above else {
            return Explained::new(message, "a key is followed by `: ` and its value");
        };
        let bare = above.text.trim_start_matches("- ");
        let found = if let Some(fixed) = with_space(bare) {
            Some(("there is no space after this colon", format!("write `{fixed}` in the line above")))
        } else if !bare.contains(':') && bare.len() <= 60 {
            Some(("this has no `:` after it", format!("write `{bare}:` in the line above if it is a key")))
        } else if bare.contains(": ") {
            Some((
                "this key has its value already",
                "indent this line like the line above, or take the value away from the key above".to_owned(),
            ))
        } else {
            None
        };
        match found {
            Some((what, help)) => {
                Explained { cause: Some((above.start, what.to_owned())), ..Explained::new(message, &help) }
            }
            None => {
                Explained::new(message, "check the indentation; a value that contains `: ` must be in quotes")
            }
        }
    }
}

/// `image:nginx` with the space that is missing.
fn with_space(text: &str) -> Option<String> {
    let (key, value) = text.split_once(':')?;
    let is_key = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let good = is_key
        && text.len() <= 60
        && !value.is_empty()
        && !value.starts_with([' ', '/'])
        && !value.contains(": ");
    good.then(|| format!("{key}: {value}"))
}

/// The innermost bracket that is open at a character, outside of quotes and comments.
fn open_bracket(text: &str, at: usize) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<char> = None;
    let mut before = '\n';
    let mut comment = false;
    for (index, c) in text.chars().take(at).enumerate() {
        // Where a value may begin.
        let starts = before.is_whitespace() || !open.is_empty() && matches!(before, '[' | '{' | ',' | ':');
        match c {
            '\n' => comment = false,
            _ if comment => {}
            _ if quote.is_some() => quote = quote.filter(|open| *open != c),
            '\'' | '"' if starts => quote = Some(c),
            '#' if before.is_whitespace() => comment = true,
            '[' | '{' if starts => open.push((index, c)),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
        before = c;
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_that_is_open() {
        for (text, found) in [
            ("a: [b, c", Some((3, '['))),
            ("a: [b, {c: d", Some((7, '{'))),
            ("a: [b]\nc: 'x ['\n# [\nd: e[f\n", None),
            ("a: \"[\" [", Some((7, '['))),
        ] {
            assert_eq!(open_bracket(text, text.chars().count()), found, "{text}");
        }
    }

    #[test]
    fn slips_of_the_line_above() {
        let text = "web:\n  image:nginx\n  # why\n  ports: x\n";
        let found = explain("mapping values are not allowed in this context", text, 34);
        assert_eq!(found.help.as_deref(), Some("write `image: nginx` in the line above"));
        assert_eq!(found.cause, Some((7, "there is no space after this colon".to_owned())));
        let found = explain("mapping values are not allowed in this context", "web\n  image: x\n", 11);
        assert_eq!(found.help.as_deref(), Some("write `web:` in the line above if it is a key"));
        // Nothing is above, and places past the end are no trouble.
        for at in [0, 3, 100] {
            assert!(explain("simple key expect ':'", "é: é", at).message.contains("YAML"));
            assert!(explain("mapping values are not allowed in this context", "", at).help.is_some());
        }
    }
}
