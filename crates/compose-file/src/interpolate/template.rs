//! `${VARIABLE}` in one string, with Compose's operators.
//!
//! The grammar is the one that Compose's regular expression and its brace counting make together, quirks included:
//! `{` skips the character after it when braces are counted, and an expression with an operator must end on its line.

use crate::limits;

/// Why a string cannot be interpolated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// An expression with a mistake: its text.
    Invalid(String),
    /// `${A?message}` and A is not set.
    Required {
        /// The variable.
        name: String,
        /// What the file says about it.
        message: String,
    },
    /// Nested too deep.
    Depth,
    /// It gives more text than is allowed.
    TooLong,
}

/// Gives the values of variables, and hears of those that have none.
pub(crate) trait Variables {
    /// The value of a variable.
    fn get(&self, name: &str) -> Option<&str>;
    /// A variable without a value counts as blank.
    fn unset(&mut self, name: &str);
}

/// Replaces every expression of a string.
///
/// # Errors
/// The first mistake in it.
pub(crate) fn substitute(text: &str, variables: &mut dyn Variables) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(text.len());
    substitute_into(text, variables, 0, &mut out)?;
    Ok(out)
}

fn substitute_into(
    text: &str,
    variables: &mut dyn Variables,
    depth: usize,
    out: &mut String,
) -> Result<(), TemplateError> {
    if depth > limits::TEMPLATE_DEPTH {
        return Err(TemplateError::Depth);
    }
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        if out.len() > limits::INTERPOLATED_BYTES {
            return Err(TemplateError::TooLong);
        }
        out.push_str(&rest[..at]);
        let expression = &rest[at..];
        let after = &expression[1..];
        rest = match after.bytes().next() {
            Some(b'$') => {
                out.push('$');
                &after[1..]
            }
            Some(b'{') => braced(expression, variables, depth, out)?,
            Some(byte) if is_name_start(byte) => {
                let end = name_end(after);
                push_value(&after[..end], variables, out);
                &after[end..]
            }
            _ => {
                out.push('$');
                after
            }
        };
    }
    out.push_str(rest);
    Ok(())
}

/// What is between the braces of one expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expression<'t> {
    pub(crate) name: &'t str,
    /// `-`, `?` or `+`, and whether an empty value counts as none (`:`).
    pub(crate) operator: Option<(u8, bool)>,
    /// What comes after the operator.
    pub(crate) operand: &'t str,
}

/// Reads `${...}` at the start of `text`, and gives what comes after it.
fn expression(text: &str) -> Result<(Expression<'_>, &str), TemplateError> {
    let invalid = || TemplateError::Invalid(excerpt(text));
    let body = &text[2..];
    if !body.bytes().next().is_some_and(is_name_start) {
        return Err(invalid());
    }
    let end = name_end(body);
    let (name, after) = body.split_at(end);
    if let Some(rest) = after.strip_prefix('}') {
        return Ok((Expression { name, operator: None, operand: "" }, rest));
    }
    let (colon, operator) = match after.as_bytes() {
        [b':', operator @ (b'-' | b'?' | b'+'), ..] => (true, *operator),
        [operator @ (b'-' | b'?' | b'+'), ..] => (false, *operator),
        _ => return Err(invalid()),
    };
    // The expression ends at its own brace, or, where braces do not pair up, at the last one of the line.
    let close = match closing_brace(text) {
        Some(close) => close,
        None => {
            let line = &text[..text.find('\n').unwrap_or(text.len())];
            line.rfind('}').filter(|close| *close > 2 + end + usize::from(colon)).ok_or_else(invalid)?
        }
    };
    let operand = text.get(2 + end + 1 + usize::from(colon)..close).ok_or_else(invalid)?;
    Ok((Expression { name, operator: Some((operator, colon)), operand }, &text[close + 1..]))
}

/// Handles `${...}` at the start of `text` and gives what comes after it.
fn braced<'t>(
    text: &'t str,
    variables: &mut dyn Variables,
    depth: usize,
    out: &mut String,
) -> Result<&'t str, TemplateError> {
    let (Expression { name, operator, operand }, rest) = expression(text)?;
    let Some((operator, colon)) = operator else {
        push_value(name, variables, out);
        return Ok(rest);
    };
    let value = variables.get(name);
    let set = value.is_some_and(|value| !colon || !value.is_empty());
    match (operator, set) {
        (b'+', true) | (b'-', false) => substitute_into(operand, variables, depth + 1, out)?,
        (b'?', false) => {
            let mut message = String::new();
            substitute_into(operand, variables, depth + 1, &mut message)?;
            return Err(TemplateError::Required { name: name.to_owned(), message });
        }
        _ => out.push_str(value.unwrap_or_default()),
    }
    Ok(rest)
}

/// Visits every expression of a string, those inside of operands included, up to the first mistake.
pub(crate) fn expressions<'t>(text: &'t str, visit: &mut dyn FnMut(Expression<'t>)) {
    visit_within(text, 0, visit);
}

fn visit_within<'t>(text: &'t str, depth: usize, visit: &mut dyn FnMut(Expression<'t>)) {
    let mut rest = text;
    while let Some(at) = rest.find('$').filter(|_| depth <= limits::TEMPLATE_DEPTH) {
        let start = &rest[at..];
        let after = &start[1..];
        rest = match after.bytes().next() {
            Some(b'$') => &after[1..],
            Some(b'{') => match expression(start) {
                Ok((found, rest)) => {
                    visit(found);
                    visit_within(found.operand, depth + 1, visit);
                    rest
                }
                // Going on would look at the rest once more for each brace that is never closed.
                Err(_) => return,
            },
            Some(byte) if is_name_start(byte) => {
                let end = name_end(after);
                visit(Expression { name: &after[..end], operator: None, operand: "" });
                &after[end..]
            }
            _ => after,
        };
    }
}

/// The brace on the first line that closes the first one: pairs are counted, and the character after a `{` is not looked at.
fn closing_brace(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if open <= 1 => return (open == 1).then_some(at),
            b'}' => open -= 1,
            b'\n' => return None,
            b'{' => {
                open += 1;
                at += usize::from(bytes.get(at + 1) != Some(&b'\n'));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn push_value(name: &str, variables: &mut dyn Variables, out: &mut String) {
    match variables.get(name) {
        Some(value) => out.push_str(value),
        None => variables.unset(name),
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn name_end(text: &str) -> usize {
    text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_').unwrap_or(text.len())
}

/// The start of a mistaken expression, for a message.
fn excerpt(text: &str) -> String {
    let end = text.find(['}', '\n']).map_or(text.len(), |at| at + usize::from(text.as_bytes()[at] == b'}'));
    let mut short: String = text[..end].chars().take(60).collect();
    if short.len() < end {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    struct Fixed(HashMap<&'static str, &'static str>, Vec<String>);

    impl Variables for Fixed {
        fn get(&self, name: &str) -> Option<&str> {
            self.0.get(name).copied()
        }

        fn unset(&mut self, name: &str) {
            self.1.push(name.to_owned());
        }
    }

    fn run(text: &str) -> Result<String, TemplateError> {
        let mut variables = Fixed(HashMap::from([("SET", "v"), ("EMPTY", ""), ("B", "b")]), Vec::new());
        substitute(text, &mut variables)
    }

    #[test]
    fn every_operator_on_unset_empty_and_set() {
        for (text, expected) in [
            ("$UNSET|$EMPTY|$SET", "||v"),
            ("${UNSET}|${EMPTY}|${SET}", "||v"),
            ("${UNSET:-d}|${EMPTY:-d}|${SET:-d}", "d|d|v"),
            ("${UNSET-d}|${EMPTY-d}|${SET-d}", "d||v"),
            ("${EMPTY?m}|${SET:?m}|${SET?m}", "|v|v"),
            ("${UNSET:+a}|${EMPTY:+a}|${SET:+a}", "||a"),
            ("${UNSET+a}|${EMPTY+a}|${SET+a}", "|a|a"),
            ("$$SET $${SET}", "$SET ${SET}"),
            ("${UNSET:-${EMPTY:-c}}", "c"),
            ("${SET:+${SET}x}", "vx"),
            (r#"${UNSET:-{"k":1}}"#, r#"{"k":1}"#),
            ("${UNSET:-a}b}", "ab}"),
            ("${UNSET:-a-b:+c}", "a-b:+c"),
            ("${UNSET:-{}\n}", "{\n}"),
            ("$1 $- $é $", "$1 $- $é $"),
            ("${SET:-x} ${UNSET-y}\n$B", "v y\nb"),
            ("a$SET-$SET.x", "av-v.x"),
            ("${_}${UNSET:-}", ""),
        ] {
            assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn mistakes_are_errors() {
        for text in [
            "${}",
            "${1}",
            "${SET",
            "${A b}",
            "${A!b}",
            "${A:=x}",
            "${é}",
            "${A:-x",
            "${A:-a\nb}",
            "${ A}",
            "${A:}",
        ] {
            assert!(matches!(run(text), Err(TemplateError::Invalid(_))), "{text}");
        }
        let required = |name: &str, message: &str| {
            Err(TemplateError::Required { name: name.to_owned(), message: message.to_owned() })
        };
        assert_eq!(run("${UNSET:?need $SET}"), required("UNSET", "need v"));
        assert_eq!(run("${UNSET?}"), required("UNSET", ""));
        assert_eq!(run("${EMPTY:?m}"), required("EMPTY", "m"));
    }

    #[test]
    fn defaults_are_lazy() {
        assert_eq!(run("${SET:-${UNSET:?never}}").as_deref(), Ok("v"));
        assert_eq!(run("${SET:-${}}").as_deref(), Ok("v"));
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("{}x{}", "${A:-".repeat(500), "}".repeat(500));
        assert_eq!(run(&text), Err(TemplateError::Depth));
    }
}
