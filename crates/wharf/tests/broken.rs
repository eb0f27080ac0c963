//! Broken Compose files through the real program: what `wharf config` says about each, and its exit code.
//!
//! A case is a folder below `tests/broken`, with `compose.yaml` and whatever goes with it, the snapshot `output.snap`,
//! and sometimes `arguments`: one argument a line in place of `config`, where `NAME=value` sets a variable.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end a test with a panic")]

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use libtest_mimic::{Arguments, Trial};

/// Every value of an environment file in the cases that must not be shown has this in it.
const SECRET: &str = "top-secret";

fn main() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut names: Vec<String> = fs::read_dir(&cases)
        .expect("the cases")
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let count = names.len();
    let mut trials: Vec<Trial> = names
        .into_iter()
        .map(|name| {
            let folder = cases.join(&name);
            Trial::test(name, move || {
                check(&folder);
                Ok(())
            })
        })
        .collect();
    trials.push(Trial::test("there_are_many_cases", move || {
        if count < 100 { Err(format!("only {count} cases").into()) } else { Ok(()) }
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Runs one case in a copy of its folder, so that nothing around it counts, and compares.
fn check(folder: &Path) {
    let temporary = tempfile::tempdir().unwrap();
    // macOS and others have links on the way to it.
    let dir = temporary.path().canonicalize().unwrap().join("shop");
    copy(folder, &dir);
    let given = fs::read_to_string(folder.join("arguments")).unwrap_or_else(|_| "config\n".to_owned());
    let (variables, arguments): (Vec<&str>, Vec<&str>) = given.lines().partition(|line| line.contains('='));
    let mut command = Command::new(env!("CARGO_BIN_EXE_wharf"));
    command.current_dir(&dir).env_clear().env("HOME", "/home/me").args(&arguments);
    command.envs(variables.iter().filter_map(|line| line.split_once('=')));
    let Output { status, stdout, stderr } = command.output().unwrap();

    let plain = |bytes| String::from_utf8(bytes).unwrap().replace(dir.to_str().unwrap(), "/shop");
    let (stdout, stderr) = (plain(stdout), plain(stderr));
    assert!(!stderr.contains('\x1b'), "there are colours: {stderr:?}");
    assert!(!stdout.contains(SECRET) && !stderr.contains(SECRET), "a secret is shown:\n{stdout}{stderr}");
    let shown: Vec<&str> = variables.into_iter().chain(["wharf"]).chain(arguments).collect();
    let mut text = format!("$ {}\n{stderr}", shown.join(" "));
    if !stdout.is_empty() {
        text.push_str("\n--- it loads, with\n");
        text.push_str(&stdout);
    }
    text.push_str(&format!("\nexit code {}\n", status.code().expect("it was not killed")));

    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("output", text));
}

/// Copies the files of a case, but for what belongs to the test itself.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "arguments" && path.extension().is_none_or(|ending| ending != "snap") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
