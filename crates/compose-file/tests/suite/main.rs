//! The rules of Compose files, each with cases of its own. What Docker Compose prints was looked up for every case that
//! is not plain from the specification.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end a test with a panic")]

mod canonical;
mod data;
mod duplicates;
mod errors;
mod files;
mod hostile;
mod interpolation;
mod merge;
mod model;
mod oracle_finds;
mod properties;
mod rules;
mod rules_attributes;
mod rules_files;
mod rules_model;
mod rules_options;
mod rules_resources;
mod warnings;
mod whole_model;

use compose_file::{LoadError, LoadOptions, Loaded, MemoryFiles, load};
use serde_json::Value;

/// Options for files in memory below `/p`; those called `f*.yaml` are the ones to merge.
fn options(files: &[(&str, &str)]) -> LoadOptions {
    let mut memory = MemoryFiles::new();
    let mut options = LoadOptions::new("/p");
    for (name, text) in files {
        memory = memory.with(format!("/p/{name}"), *text);
        if name.starts_with('f') && name.ends_with(".yaml") {
            options = options.with_file(name);
        }
    }
    options.with_file_source(memory).with_environment([("HOME", "/home/me"), ("TAG", "v1"), ("EMPTY", "")])
}

fn load_files(files: &[(&str, &str)]) -> Result<Loaded, LoadError> {
    load(&options(files))
}

/// Loads one file.
fn load_text(text: &str) -> Result<Loaded, LoadError> {
    load_files(&[("f.yaml", text)])
}

/// The canonical JSON of files that must load.
#[track_caller]
fn json(files: &[(&str, &str)]) -> Value {
    let loaded = load_files(files).unwrap_or_else(|error| panic!("{error}\n{files:#?}"));
    serde_json::from_str(&loaded.to_canonical_json()).unwrap()
}

/// What the canonical JSON of one service `a` says about one attribute. `body` is what follows `a: {image: x, `.
#[track_caller]
fn attribute(body: &str, name: &str) -> Value {
    let text = format!("services: {{a: {{image: x, {body}}}}}");
    json(&[("f.yaml", &text)])["services"]["a"][name].clone()
}

/// An attribute of `a` after merging two bodies.
#[track_caller]
fn merged(first: &str, second: &str, name: &str) -> Value {
    let first = format!("services: {{a: {{image: x, {first}}}}}");
    let second = format!("services: {{a: {{{second}}}}}");
    json(&[("f1.yaml", &first), ("f2.yaml", &second)])["services"]["a"][name].clone()
}

/// The errors of one file that must not load, one a line.
#[track_caller]
fn errors(text: &str) -> String {
    match load_text(text) {
        Ok(loaded) => panic!("loaded: {}", loaded.to_canonical_json()),
        Err(error) => error.to_string().replace("/p/f.yaml:", ""),
    }
}
