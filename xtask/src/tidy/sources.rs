//! What may not stand in a Rust file.

use std::path::Path;

use super::Problem;
use super::text::code_only;

/// The longest file, in lines.
const LONGEST: usize = 600;

/// Words that may not stand in code, where, and why.
struct Rule {
    words: &'static [&'static str],
    applies: fn(&Path) -> bool,
    what: &'static str,
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        words: &["println!", "print!", "eprintln!", "eprint!"],
        applies: |file| is_library(file) && !is_test(file) && !is_example(file),
        what: "a library prints",
        why: "libraries report by values, events and tracing; what a person sees is decided in `wharf`",
    },
    Rule {
        words: &["todo!", "unimplemented!"],
        applies: |_| true,
        what: "unfinished code",
        why: "what is merged is finished; what is missing is an error that says so, or an issue",
    },
    Rule {
        words: &["#[ignore"],
        applies: |_| true,
        what: "an ignored test",
        why: "a test that does not run protects nothing and looks as if it did",
    },
    Rule {
        words: &["allow(dead_code"],
        // A helper module is compiled into every test binary, and each uses a part of it.
        applies: |file| !is_test(file),
        what: "dead code that is silenced",
        why: "code that nothing uses is removed; it can be written again on the day it is needed",
    },
];

fn is_library(file: &Path) -> bool {
    file.starts_with("crates") && !file.starts_with("crates/wharf")
}

fn is_test(file: &Path) -> bool {
    file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "benches")))
}

/// An example is a program of its own.
fn is_example(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "examples")
}

/// The places in the file at `file` that break a rule.
pub(super) fn check(file: &Path, source: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = source.lines().count();
    if lines > LONGEST {
        problems.push(Problem {
            file: file.to_path_buf(),
            line: LONGEST + 1,
            what: format!("{lines} lines"),
            why: "a file of more than 600 lines has more than one job; split it by job",
        });
    }
    let code = code_only(source);
    for (index, line) in code.lines().enumerate() {
        for rule in RULES.iter().filter(|rule| (rule.applies)(file)) {
            if let Some(word) = rule.words.iter().find(|word| has_word(line, word)) {
                problems.push(Problem {
                    file: file.to_path_buf(),
                    line: index + 1,
                    what: format!("{}: {word}", rule.what),
                    why: rule.why,
                });
            }
        }
    }
    problems
}

/// Whether `word` stands in `line` and is not the end of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, source: &str) -> Vec<(usize, String)> {
        check(Path::new(file), source).into_iter().map(|problem| (problem.line, problem.what)).collect()
    }

    #[test]
    fn a_library_may_not_print_but_may_speak_of_it() {
        let source = "/// println!(\"x\")\nfn f() {\n    println!(\"{}\", \"todo!\");\n}\n";
        assert_eq!(found("crates/compose/src/a.rs", source), [(3, "a library prints: println!".to_owned())]);
        for elsewhere in [
            "crates/wharf/src/a.rs",
            "xtask/src/a.rs",
            "tests/src/a.rs",
            "crates/compose/tests/a.rs",
            "crates/compose/examples/a.rs",
        ] {
            assert!(found(elsewhere, source).is_empty(), "{elsewhere}");
        }
        assert_eq!(found("crates/compose/src/a.rs", "eprint!()\n").len(), 1);
        assert!(found("crates/compose/src/a.rs", "my_println!()\n").is_empty());
    }

    #[test]
    fn unfinished_and_silenced_code_is_found_everywhere() {
        let source = "todo!()\n#[ignore = \"slow\"]\n#![allow(dead_code)]\nunimplemented!()\n";
        assert_eq!(
            found("crates/wharf/src/a.rs", source).iter().map(|p| p.0).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        assert_eq!(
            found("tests/tests/support/mod.rs", source).iter().map(|p| p.0).collect::<Vec<_>>(),
            [1, 2, 4]
        );
    }

    #[test]
    fn a_long_file_is_found() {
        assert!(found("a.rs", &"\n".repeat(600)).is_empty());
        assert_eq!(found("a.rs", &"\n".repeat(601)), [(601, "601 lines".to_owned())]);
    }
}
