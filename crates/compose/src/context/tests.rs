use proptest::prelude::*;
use tokio::io::AsyncReadExt as _;

use super::ignore::Patterns;
use super::*;

#[test]
fn patterns_follow_dockers_rules() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("node_modules", &["node_modules", "node_modules/a/b"], &["sub/node_modules", "node_modules2"]),
        ("*.md", &["README.md"], &["docs/README.md", "READMEmd"]),
        ("**/*.md", &["README.md", "docs/a/README.md"], &["docs"]),
        ("*/temp*", &["a/temp", "a/temporary.txt", "a/temp/x"], &["temp", "a/b/temp"]),
        ("temp?", &["temp1"], &["temp", "temp12"]),
        ("docs/**", &["docs/a", "docs/a/b"], &["docs"]),
        ("a/**/b", &["a/b", "a/x/b", "a/x/y/b", "a/b/c"], &["a", "b"]),
        ("/bin/", &["bin", "bin/x"], &["sbin"]),
        ("./x/../y", &["y"], &["x"]),
        ("[a-c]x", &["ax", "cx"], &["dx", "x"]),
        ("[^a-c]x", &["dx"], &["ax"]),
        ("a\\*b", &["a*b"], &["axb"]),
        ("*\n!keep.txt", &["x", "sub/keep.txt"], &["keep.txt"]),
        ("*.md\n!README*.md\nREADME-secret.md", &["a.md", "README-secret.md"], &["README.md"]),
        ("*\n!sub/file", &["sub/other"], &["sub/file"]),
        ("# note\n\n  spaced  ", &["spaced"], &["# note"]),
        ("**", &["a", "a/b"], &[]),
    ];
    for (text, out, kept) in table {
        let patterns = Patterns::parse(text).unwrap();
        for path in *out {
            assert!(patterns.leaves_out(path), "{text:?} leaves out {path}");
        }
        for path in *kept {
            assert!(!patterns.leaves_out(path), "{text:?} keeps {path}");
        }
    }
}

#[tokio::test]
async fn a_context_that_is_none_is_told() {
    let at = |context: Option<&str>| Build { context: context.map(str::to_owned), ..Build::default() };
    for (context, told) in [
        (None, "the build context is empty"),
        (
            Some("https://host/repo.git"),
            "build context https://host/repo.git is not a directory of this machine",
        ),
        (Some("/nowhere/at/all"), "build context /nowhere/at/all is not a directory"),
    ] {
        let error = open(&at(context)).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn malformed_patterns_name_their_line() {
    for text in ["ok\n[a", "ok\n!", "ok\na\\", "ok\n[]a]", "ok\n[b-]"] {
        let error = Patterns::parse(text).unwrap_err().to_string();
        assert!(error.starts_with("line 2:"), "{text:?}: {error}");
    }
}

proptest! {
    #[test]
    fn no_pattern_and_no_path_panics(text in "[!*?\\[\\]^/a.\\\\\n-]{0,30}", path in "[*a./\\[\\]-]{0,20}") {
        if let Ok(patterns) = Patterns::parse(&text) {
            let out = patterns.leaves_out(&path);
            if !out && !path.is_empty() {
                // What is kept can be reached through every directory above it.
                for (at, _) in path.match_indices('/') {
                    let above = &path[..at];
                    prop_assert!(!patterns.leaves_out(above) || patterns.may_keep_below(above), "{text:?} {path:?} {above:?}");
                }
            }
        }
    }
}

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

async fn entries(build: &Build) -> (Vec<String>, Vec<u8>, String) {
    let mut context = open(build).await.unwrap();
    let mut bytes = Vec::new();
    context.archive.read_to_end(&mut bytes).await.unwrap();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let names = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().to_str().unwrap().to_owned())
        .collect();
    (names, bytes, context.dockerfile)
}

fn build(folder: &tempfile::TempDir) -> Build {
    Build { context: Some(folder.path().to_str().unwrap().to_owned()), ..Build::default() }
}

#[tokio::test]
async fn the_archive_has_what_is_not_ignored_and_always_the_dockerfile() {
    let folder = tree(&[
        ("Dockerfile", "FROM scratch"),
        (".dockerignore", "*\n!src\n**/*.tmp"),
        ("src/main", "x"),
        ("src/b.tmp", "x"),
        ("secret", "x"),
    ]);
    std::os::unix::fs::symlink("main", folder.path().join("src/link")).unwrap();
    let (names, bytes, dockerfile) = entries(&build(&folder)).await;
    assert_eq!(names, [".dockerignore", "Dockerfile", "src/", "src/link", "src/main"]);
    assert_eq!(dockerfile, "Dockerfile");
    assert_eq!(entries(&build(&folder)).await.1, bytes, "the same content gives the same bytes");
}

#[tokio::test]
async fn an_inline_dockerfile_and_one_outside_come_along() {
    let folder = tree(&[("a", "x")]);
    let inline = Build { dockerfile_inline: Some("FROM scratch".into()), ..build(&folder) };
    let (names, _, dockerfile) = entries(&inline).await;
    assert_eq!(names, ["a", FOREIGN_DOCKERFILE]);
    assert_eq!(dockerfile, FOREIGN_DOCKERFILE);

    let other = tree(&[("Dockerfile", "FROM scratch")]);
    let outside = other.path().join("Dockerfile").to_str().unwrap().to_owned();
    let (names, _, _) = entries(&Build { dockerfile: Some(outside), ..build(&folder) }).await;
    assert_eq!(names, ["a", FOREIGN_DOCKERFILE]);
}

#[tokio::test]
async fn a_missing_dockerfile_or_context_is_said() {
    let folder = tree(&[("a", "x")]);
    let error = open(&build(&folder)).await.err().unwrap();
    assert!(error.to_string().contains("cannot read Dockerfile"), "{error}");
    let build = Build { context: Some("https://example.com/x.git".into()), ..Build::default() };
    let error = open(&build).await.err().unwrap();
    assert!(error.is_invalid(), "{error}");
}

#[tokio::test]
async fn a_reader_that_is_dropped_ends_the_thread() {
    let folder = tree(&[("Dockerfile", "FROM scratch")]);
    std::fs::write(folder.path().join("big"), vec![0; 4 << 20]).unwrap();
    let mut context = open(&build(&folder)).await.unwrap();
    context.archive.read_exact(&mut [0; 10]).await.unwrap();
    drop(context);
    // The runtime waits for its blocking threads when it shuts down: a thread that hung would hang the test.
}
