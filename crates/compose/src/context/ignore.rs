//! `.dockerignore` patterns, with the rules of Docker's own matcher: anchored at the context's root, the last match
//! decides, a match of a directory counts for everything in it.

use std::fmt;

/// Compiled patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Clone, Debug)]
struct Pattern {
    /// Begins with `!`: takes back what earlier ones left out.
    keeps: bool,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of directories.
    AnyDirectories,
    /// Everything else, within one directory.
    Glob(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`, and `**` beside other characters.
    Any,
    /// `[a-z]`, `[^a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadPattern {
    line: usize,
    pattern: String,
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: `{}` is not a pattern", self.line, self.pattern)
    }
}

impl Patterns {
    /// Reads the text of a file.
    pub(super) fn parse(text: &str) -> Result<Self, BadPattern> {
        let mut patterns = Vec::new();
        for (at, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let line = line.trim();
            let (keeps, path) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            let bad = || BadPattern { line: at + 1, pattern: line.to_owned() };
            if path.is_empty() {
                if keeps {
                    return Err(bad());
                }
                continue;
            }
            let segments = segments(path).ok_or_else(bad)?;
            if !segments.is_empty() {
                patterns.push(Pattern { keeps, segments });
            }
        }
        Ok(Self(patterns))
    }

    /// Whether a path, relative to the context with `/` between its parts, is left out.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        let mut out = false;
        for pattern in &self.0 {
            if pattern.keeps == out && pattern.matches_path_or_parent(&parts) {
                out = !pattern.keeps;
            }
        }
        out
    }

    /// Whether something below a directory that is left out may be kept, so that it has to be looked through.
    pub(super) fn may_keep_below(&self, directory: &str) -> bool {
        let parts: Vec<&str> = directory.split('/').collect();
        self.0.iter().any(|pattern| pattern.keeps && pattern.can_match_below(&parts))
    }
}

impl Pattern {
    fn matches_path_or_parent(&self, parts: &[&str]) -> bool {
        (1..=parts.len()).any(|depth| matches(&self.segments, &parts[..depth]))
    }

    /// Whether a longer path that begins with these parts can match.
    fn can_match_below(&self, parts: &[&str]) -> bool {
        for (at, part) in parts.iter().enumerate() {
            match self.segments.get(at) {
                None => return true,
                Some(Segment::AnyDirectories) => return true,
                Some(Segment::Glob(tokens)) if matches_glob(tokens, part) => {}
                Some(Segment::Glob(_)) => return false,
            }
        }
        true
    }
}

/// The parts of a pattern, cleaned as a path; `None` if it is malformed.
fn segments(path: &str) -> Option<Vec<Segment>> {
    let mut segments: Vec<Segment> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            "**" => {
                if segments.last() != Some(&Segment::AnyDirectories) {
                    segments.push(Segment::AnyDirectories);
                }
            }
            part => {
                // `**x` is read as `**/x`.
                let rest = part.strip_prefix("**").unwrap_or(part).trim_start_matches('*');
                let (any, glob) = if part.starts_with("**") { (true, rest) } else { (false, part) };
                if any && segments.last() != Some(&Segment::AnyDirectories) {
                    segments.push(Segment::AnyDirectories);
                }
                if !glob.is_empty() {
                    segments.push(Segment::Glob(tokens(glob)?));
                }
            }
        }
    }
    Some(segments)
}

fn tokens(part: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' if tokens.last() == Some(&Token::Any) => continue,
            '*' => Token::Any,
            '?' => Token::One,
            '[' => class(&mut chars)?,
            '\\' => Token::Literal(chars.next()?),
            c => Token::Literal(c),
        });
    }
    Some(tokens)
}

fn class(chars: &mut std::str::Chars<'_>) -> Option<Token> {
    let mut ranges = Vec::new();
    let mut next = chars.next()?;
    let negated = next == '^';
    if negated {
        next = chars.next()?;
    }
    loop {
        if next == ']' && !ranges.is_empty() {
            return Some(Token::Class { negated, ranges });
        }
        let first = match next {
            '\\' => chars.next()?,
            ']' | '-' => return None,
            c => c,
        };
        next = chars.next()?;
        let mut last = first;
        if next == '-' {
            last = match chars.next()? {
                '\\' => chars.next()?,
                ']' => return None,
                c => c,
            };
            next = chars.next()?;
        }
        ranges.push((first, last));
    }
}

/// Whether the whole path matches. The time is the product of both lengths, whatever the pattern.
fn matches(segments: &[Segment], parts: &[&str]) -> bool {
    // reached[i]: the segments so far match the first i parts.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for (at, segment) in segments.iter().enumerate() {
        let mut next = vec![false; parts.len() + 1];
        match segment {
            Segment::AnyDirectories => {
                // As the last segment it stands for at least one part.
                let least = usize::from(at + 1 == segments.len());
                if let Some(first) = reached.iter().position(|reached| *reached) {
                    for reached in next.iter_mut().skip(first + least) {
                        *reached = true;
                    }
                }
            }
            Segment::Glob(tokens) => {
                for (i, part) in parts.iter().enumerate() {
                    next[i + 1] = reached[i] && matches_glob(tokens, part);
                }
            }
        }
        reached = next;
    }
    reached[parts.len()]
}

fn matches_glob(tokens: &[Token], text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let (mut token, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let fits = match (tokens.get(token), chars.get(at)) {
            (Some(Token::Any), _) => {
                retry = Some((token + 1, at));
                token += 1;
                continue;
            }
            (None, None) => return true,
            (Some(one), Some(&c)) => one.accepts(c),
            _ => false,
        };
        if fits {
            token += 1;
            at += 1;
        } else {
            // The last `*` takes one character more.
            let Some((after, start)) = retry.filter(|(_, start)| *start < chars.len()) else { return false };
            retry = Some((after, start + 1));
            token = after;
            at = start + 1;
        }
    }
}

impl Token {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == c,
            Self::One | Self::Any => true,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
        }
    }
}
