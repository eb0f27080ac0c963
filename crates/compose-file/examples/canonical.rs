//! Prints the canonical JSON of a Compose file: `cargo run -p compose-file --example canonical -- FILE...`.

use std::process::ExitCode;

use compose_file::{LoadOptions, load};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is what the example is for")]
fn main() -> ExitCode {
    let dir = std::env::current_dir().unwrap_or_default();
    let mut options = LoadOptions::new(dir).with_environment(std::env::vars());
    for file in std::env::args_os().skip(1) {
        options = options.with_file(file);
    }
    match load(&options) {
        Ok(loaded) => {
            loaded.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            println!("{}", loaded.to_canonical_json());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
