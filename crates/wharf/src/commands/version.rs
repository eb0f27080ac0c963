//! `wharf version`

use clap::{Args, ValueEnum};

use crate::context::Context;
use crate::failure::Failure;

/// Show the version
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct VersionArgs {
    /// Print the number alone
    #[arg(long)]
    short: bool,
    /// Format of the output
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Pretty,
    /// For programs.
    Json,
}

pub(crate) fn run(context: &Context, args: VersionArgs) -> Result<u8, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let text = match args.format {
        Format::Json => format!("{}\n", serde_json::json!({ "version": version })),
        Format::Pretty if args.short => format!("{version}\n"),
        Format::Pretty => format!("wharf {version}\n"),
    };
    context.output.out(&text)?;
    Ok(0)
}
