//! Environment files: the grammar of `.env`, and the raw one of `docker run --env-file`.

use indexmap::IndexMap;

use crate::diagnostic::{Code, SourceId, Span};
use crate::interpolate::{TemplateError, Variables, describe, substitute};
use crate::report::Report;

/// A mistake in an environment file.
#[derive(Debug, PartialEq, Eq)]
struct Mistake {
    /// The byte where it is.
    at: usize,
    message: String,
    help: Option<String>,
}

impl Mistake {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: None }
    }
}

/// Reads an environment file. Values of earlier files stay in `out` and can be used in this one, after `lookup`.
/// A mistake goes to the report, and what comes after it is not read.
pub(crate) fn parse(
    text: &str,
    source: SourceId,
    out: &mut IndexMap<String, String>,
    lookup: &dyn Fn(&str) -> Option<String>,
    report: &mut Report,
) {
    let mut parser = Parser { text, at: 0, out, lookup, unset: Vec::new() };
    let result = parser.run();
    for (name, at) in std::mem::take(&mut parser.unset) {
        report.unset_variable(&name, String::new, line_span(text, source, at));
    }
    blame(result, text, source, report);
}

/// Reads an environment file of the format `raw`: no quotes, no interpolation, comments on their own line only.
pub(crate) fn parse_raw(
    text: &str,
    source: SourceId,
    out: &mut IndexMap<String, String>,
    lookup: &dyn Fn(&str) -> Option<String>,
    report: &mut Report,
) {
    blame(raw(text, out, lookup), text, source, report);
}

fn blame(result: Result<(), Mistake>, text: &str, source: SourceId, report: &mut Report) {
    if let Err(mistake) = result {
        let span = line_span(text, source, mistake.at);
        report.error_at(Code::EnvFile, String::new(), span, mistake.message).maybe_help(mistake.help);
    }
}

/// From a byte to the end of its line.
fn line_span(text: &str, source: SourceId, at: usize) -> Span {
    let before = text.get(..at).unwrap_or(text).chars().count();
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.lines().next().unwrap_or_default().chars().count();
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Span { source, start: narrow(before), end: narrow(before + len) }
}

fn raw(
    text: &str,
    out: &mut IndexMap<String, String>,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Mistake> {
    let mut at = 0;
    for full in text.split_inclusive('\n') {
        let start = at;
        at += full.len();
        let line = full.strip_suffix('\n').unwrap_or(full);
        let line = line.strip_suffix('\r').unwrap_or(line).trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        if key.is_empty() {
            return Err(Mistake::new(start, "there is no variable name before the `=`"));
        }
        if key.contains(char::is_whitespace) {
            return Err(Mistake::new(start, "a variable name cannot contain white space"));
        }
        if let Some(value) = value.map(str::to_owned).or_else(|| lookup(key)) {
            out.insert(key.to_owned(), value);
        }
    }
    Ok(())
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    out: &'a mut IndexMap<String, String>,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    /// Variables without a value, and where.
    unset: Vec<(String, usize)>,
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self) -> Result<(), Mistake> {
        while self.skip_to_statement() {
            let start = self.at;
            let (key, inherited) = self.key()?;
            if key.contains(' ') {
                return Err(Mistake {
                    help: Some("write `NAME=value`".to_owned()),
                    ..Mistake::new(start, "a variable name cannot contain a space")
                });
            }
            if inherited {
                if let Some(value) = (self.lookup)(key) {
                    self.out.insert(key.to_owned(), value);
                }
                continue;
            }
            let value = self.value()?;
            self.out.insert(key.to_owned(), value);
        }
        Ok(())
    }

    /// Skips white space and comments; false at the end.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return !trimmed.is_empty();
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// The name of a statement, and whether it stands alone, to be inherited.
    fn key(&mut self) -> Result<(&'a str, bool), Mistake> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(char::is_whitespace)
        {
            self.at = self.text.len() - rest.trim_start_matches(is_blank).len();
        }
        let rest = self.rest();
        for (index, c) in rest.char_indices() {
            match c {
                '=' | ':' | '\n' => {
                    self.at += index + 1;
                    let after = self.rest();
                    self.at += after.len() - after.trim_start_matches(is_blank).len();
                    return Ok((rest[..index].trim_end(), c == '\n'));
                }
                '_' | '.' | '-' | '[' | ']' => {}
                c if is_blank(c) || c.is_alphanumeric() => {}
                c => {
                    return Err(Mistake {
                        help: Some(
                            "write `NAME=value`, and quote a value that goes over several lines".to_owned(),
                        ),
                        ..Mistake::new(self.at + index, format!("unexpected `{c}` in a variable name"))
                    });
                }
            }
        }
        self.at = self.text.len();
        Ok((rest.trim_end(), true))
    }

    fn value(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        let rest = self.rest();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            let line_end = rest.find('\n').unwrap_or(rest.len());
            self.at += (line_end + 1).min(rest.len());
            let line = &rest[..line_end];
            let value = line.find(" #").map_or(line, |comment| &line[..comment]);
            return self.expand(value.trim_end(), start);
        };
        let mut value = String::new();
        let mut escaped = false;
        for (index, c) in rest.char_indices().skip(1) {
            if c == quote && !escaped {
                self.at += index + 1;
                return if quote == '"' { self.expand(&unescape(&value), start) } else { Ok(value) };
            }
            if !escaped && c == '\\' {
                escaped = true;
                continue;
            }
            if escaped && c != quote {
                value.push('\\');
            }
            escaped = false;
            value.push(c);
        }
        Err(Mistake {
            help: Some(format!("close the value with {quote}")),
            ..Mistake::new(start, "the quoted value has no end")
        })
    }

    fn expand(&mut self, value: &str, at: usize) -> Result<String, Mistake> {
        if !value.contains('$') {
            return Ok(value.to_owned());
        }
        let mut scope = Scope { lookup: self.lookup, known: self.out, found: None, unset: Vec::new() };
        let result = expand(value, &mut scope);
        let unset = std::mem::take(&mut scope.unset);
        self.unset.extend(unset.into_iter().map(|name| (name, at)));
        result.map_err(|mut error| {
            // The value may be a secret: the place must do.
            match &mut error {
                TemplateError::Invalid(text) => "${".clone_into(text),
                // A message with variables in it may have become one.
                TemplateError::Required { message, .. } if !value.contains(&format!("?{message}}}")) => {
                    message.clear();
                }
                _ => {}
            }
            let (message, help) = describe(&error);
            Mistake { at, message, help: Some(help) }
        })
    }
}

fn expand(value: &str, scope: &mut Scope<'_>) -> Result<String, TemplateError> {
    // `Variables` hands out borrowed values, and the lookup makes new ones: fetch what the text can name beforehand.
    let mut found = IndexMap::new();
    for piece in value.split('$').skip(1) {
        let name: String = piece
            .trim_start_matches('{')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if let Some(value) = (scope.lookup)(&name).or_else(|| scope.known.get(&name).cloned()) {
            found.insert(name, value);
        }
    }
    scope.found = Some(found);
    substitute(value, scope)
}

/// What a value may refer to: the lookup first, then what was read so far.
struct Scope<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    known: &'a IndexMap<String, String>,
    found: Option<IndexMap<String, String>>,
    unset: Vec<String>,
}

impl Variables for Scope<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.found.as_ref()?.get(name).map(String::as_str)
    }

    fn unset(&mut self, name: &str) {
        self.unset.push(name.to_owned());
    }
}

/// Escapes inside of double quotes. `\$` becomes `$$`, which the expansion after it turns into a plain `$`.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        let plain = match c {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '"' | '\\' => c,
            '$' => {
                out.push_str("$$");
                rest = &rest[1..];
                continue;
            }
            '0' => {
                let digits =
                    rest[1..].bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                match u32::from_str_radix(&rest[1..=digits], 8)
                    .ok()
                    .filter(|_| digits == 3)
                    .and_then(char::from_u32)
                {
                    Some(c) if u32::from(c) <= 0xff => {
                        out.push(c);
                        rest = &rest[1 + digits..];
                    }
                    _ => out.push('\\'),
                }
                continue;
            }
            _ => {
                out.push('\\');
                continue;
            }
        };
        out.push(plain);
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn run(text: &str, raw: bool) -> Result<Vec<(String, String)>, String> {
        let mut report = Report::default();
        let source = report.sources.add("e.env".into(), Arc::from(text));
        let mut out = IndexMap::new();
        let lookup = |name: &str| match name {
            "HOME" => Some("/home".to_owned()),
            "SVC" => Some("s".to_owned()),
            _ => None,
        };
        if raw {
            parse_raw(text, source, &mut out, &lookup, &mut report);
        } else {
            parse(text, source, &mut out, &lookup, &mut report);
        }
        if report.failed() {
            return Err(report.into_error().errors().map(ToString::to_string).collect());
        }
        Ok(out.into_iter().collect())
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_grammar() {
        for (text, expected) in [
            ("A=1\nB=2", &[("A", "1"), ("B", "2")] as &[_]),
            ("A = b  \n\n#c\n  B=2\r\nC=\n", &[("A", "b"), ("B", "2"), ("C", "")]),
            ("export A=1\nexport\nB=2\n", &[("A", "1"), ("B", "2")]),
            ("K: v\n1A=2\n", &[("K", "v"), ("1A", "2")]),
            ("A=x #c\nB=x#c\nC=\"q\" #c\nD=\"x\"y\n", &[("A", "x"), ("B", "x#c"), ("C", "q"), ("D", "x")]),
            ("=x\n", &[("", "x")]),
            ("HOME\nNOPE\nSVC", &[("HOME", "/home"), ("SVC", "s")]),
            (
                "A=\"x\\ty\\x\\$HOME $HOME\"\nB=\\$HOME\nC=$SVC\n",
                &[("A", "x\ty\\x$HOME /home"), ("B", "\\/home"), ("C", "s")],
            ),
            ("A='a\nb $X \\' c'\n", &[("A", "a\nb $X ' c")]),
            ("A=\"a\nb\"\n", &[("A", "a\nb")]),
            ("C=\"\\101\\0101\"\n", &[("C", "\\101A")]),
            ("A=1\nB=${A}${C:-d}\n", &[("A", "1"), ("B", "1d")]),
            ("HOME=mine\nB=$HOME\n", &[("HOME", "mine"), ("B", "/home")]),
            ("ключ=1\n[a]=2\na.b-c=3\n", &[("ключ", "1"), ("[a]", "2"), ("a.b-c", "3")]),
        ] {
            assert_eq!(run(text, false), Ok(pairs(expected)), "{text:?}");
        }
    }

    #[test]
    fn mistakes_say_where() {
        for (text, place) in [
            ("A=1\nA B=1\n", "e.env:2:1"),
            ("A!=1\n", "e.env:1:2"),
            ("A=1\n\nB=\"a\nb\n", "e.env:3:3"),
            ("E='it'\\''s'\n", "e.env:1:7"),
            ("A=1\nC=${\n", "e.env:2:3"),
        ] {
            let error = run(text, false).unwrap_err();
            assert!(error.starts_with(place), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_message_does_not_show_what_variables_hold() {
        let error = run("B=hush\nA=${NOPE?see $B}\n", false).unwrap_err();
        assert!(error.contains("NOPE is missing a value (") && !error.contains("hush"), "{error}");
        let error = run("B=hush\nA=${NOPE?see b}\n", false).unwrap_err();
        assert!(error.contains("is missing a value: see b"), "{error}");
    }

    #[test]
    fn raw_files() {
        assert_eq!(
            run("A=1\n#c\nB=\"x$y\"\n # k\nHOME\nNOPE\n  C= x \r\n", true),
            Ok(pairs(&[("A", "1"), ("B", "\"x$y\""), ("HOME", "/home"), ("C", " x ")]))
        );
        assert!(run("A B=1\n", true).is_err());
        assert!(run("=1\n", true).is_err());
    }
}
