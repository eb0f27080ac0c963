//! `wharf`: runs Compose projects on any container engine.

mod app;
mod args;
mod commands;
mod context;
mod failure;
mod log_printer;
mod output;
mod progress;
mod signal;
mod terminal;

fn main() -> std::process::ExitCode {
    app::main()
}
