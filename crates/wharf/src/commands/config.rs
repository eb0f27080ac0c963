//! `wharf config`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use compose_file::{LoadOptions, Loaded, Steps};

use crate::context::Context;
use crate::failure::Failure;

/// Check the Compose file and print it in canonical form
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent switch")]
pub(crate) struct ConfigArgs {
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Check only, print nothing
    #[arg(short, long)]
    quiet: bool,
    /// Write to a file
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Print the names of services, one a line
    #[arg(long = "services", group = "list")]
    list_services: bool,
    /// Print the names of volumes, one a line
    #[arg(long, group = "list")]
    volumes: bool,
    /// Print the names of networks, one a line
    #[arg(long, group = "list")]
    networks: bool,
    /// Print the names of images, one a line
    #[arg(long, group = "list")]
    images: bool,
    /// Print the names of profiles, one a line
    #[arg(long, group = "list")]
    profiles: bool,
    /// Leave variables as they are written
    #[arg(long)]
    no_interpolate: bool,
    /// Do not fill in names, the default network and implied dependencies
    #[arg(long)]
    no_normalize: bool,
    /// Leave relative paths as they are written
    #[arg(long)]
    no_path_resolution: bool,
    /// Do not check that what services refer to is there
    #[arg(long)]
    no_consistency: bool,
    /// Leave environment files out
    #[arg(long)]
    no_env_resolution: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

pub(crate) fn run(context: &Context, args: &ConfigArgs) -> Result<u8, Failure> {
    let mut options = context.options(&[])?;
    // A list of profiles is about services that are switched off, too.
    if args.profiles {
        options.profiles = vec!["*".to_owned()];
    }
    let loaded = compose_file::load(&with_steps(options, args))?;
    context.output.file_warnings(&loaded.warnings, &loaded.sources);
    if args.quiet {
        return Ok(0);
    }
    let text = render(&loaded, args);
    match &args.output {
        None => context.output.out_raw(text.into_bytes())?,
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Failure::io(format!("write {}", path.display()), error))?,
    }
    Ok(0)
}

fn with_steps(options: LoadOptions, args: &ConfigArgs) -> LoadOptions {
    options.with_steps(Steps {
        interpolate: !args.no_interpolate,
        normalize: !args.no_normalize,
        resolve_paths: !args.no_path_resolution,
        consistency: !args.no_consistency,
        resolve_environment: !args.no_env_resolution,
    })
}

fn render(loaded: &Loaded, args: &ConfigArgs) -> String {
    let project = &loaded.project;
    let lines = |names: Vec<&str>| names.iter().map(|name| format!("{name}\n")).collect::<String>();
    if args.list_services {
        return lines(project.services.keys().map(String::as_str).collect());
    }
    if args.volumes {
        return lines(project.volumes.keys().map(String::as_str).collect());
    }
    if args.networks {
        return lines(project.networks.keys().map(String::as_str).collect());
    }
    if args.profiles {
        return lines(project.all_profiles());
    }
    if args.images {
        let images = project.services.values().map(|service| service.image_name(&project.name));
        return images.map(|image| format!("{image}\n")).collect();
    }
    match args.format {
        Format::Json => loaded.to_canonical_json() + "\n",
        Format::Yaml => loaded.to_canonical_yaml(),
    }
}
