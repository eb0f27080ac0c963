//! `wharf config`

use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use compose_file::{Element, LoadOptions, Loaded, Steps, Variable};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Table;

/// Check the Compose file and print it in canonical form
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent switch")]
pub(crate) struct ConfigArgs {
    /// Services to print, with those that they need; all if none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Format of the output
    #[arg(long, value_enum)]
    format: Option<Format>,
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
    /// Print the references of AI models, one a line
    #[arg(long, group = "list")]
    models: bool,
    /// Print the names of images, one a line
    #[arg(long, group = "list")]
    images: bool,
    /// Print the names of profiles, one a line
    #[arg(long, group = "list")]
    profiles: bool,
    /// Print the hash that Docker Compose gives services, one a line; `*` is all services
    #[arg(long, group = "list", value_name = "SERVICE[,SERVICE...]", conflicts_with = "no_interpolate")]
    hash: Option<String>,
    /// Print the variables that the files use, and what they say about each
    #[arg(long, group = "list")]
    variables: bool,
    /// Print the environment that variables are replaced from, one variable a line
    #[arg(long, group = "list")]
    environment: bool,
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
    let options = context.options(&args.selected())?;
    // The process ends after this: taking a large project apart would be a tenth of its time.
    let loaded = ManuallyDrop::new(compose_file::load(&args.complete(options))?);
    context.output.file_warnings(&loaded.warnings, &loaded.sources);
    if !args.services.is_empty() && args.is_raw() {
        context.output.warning("the services that are named have no effect: all are printed");
    }
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

impl ConfigArgs {
    /// The services that the output is about; none is all.
    fn selected(&self) -> Vec<String> {
        match self.hash.as_deref() {
            _ if self.is_raw() => Vec::new(),
            None => self.services.clone(),
            Some("*") => Vec::new(),
            Some(list) => list.split(',').map(|name| name.trim().to_owned()).collect(),
        }
    }

    /// Whether variables stay as they are written. A list of variables must not fail for want of their values.
    fn is_raw(&self) -> bool {
        self.no_interpolate || self.variables
    }

    fn complete(&self, mut options: LoadOptions) -> LoadOptions {
        // A list of profiles is about services that are switched off, too.
        if self.profiles {
            options.profiles = vec!["*".to_owned()];
        }
        // Names do not need what is in environment files, which may be missing here.
        let only_names = self.list_services || self.volumes || self.networks || self.models;
        options.with_only_named(true).with_steps(Steps {
            interpolate: !self.is_raw(),
            normalize: !self.no_normalize,
            resolve_paths: !self.no_path_resolution,
            consistency: !self.no_consistency,
            resolve_environment: !self.no_env_resolution && !only_names,
        })
    }
}

fn render(loaded: &Loaded, args: &ConfigArgs) -> String {
    if args.list_services {
        return lines(loaded.names(Element::Services));
    }
    if args.volumes {
        return lines(loaded.names(Element::Volumes));
    }
    if args.networks {
        return lines(loaded.names(Element::Networks));
    }
    if args.models {
        return lines(loaded.models());
    }
    if args.profiles {
        return lines(loaded.profiles());
    }
    if args.images {
        return lines(loaded.images());
    }
    if args.hash.is_some() {
        return lines(hashes(loaded, &args.selected()));
    }
    if args.environment {
        let mut list: Vec<String> =
            loaded.environment().map(|(name, value)| format!("{name}={value}")).collect();
        list.sort_unstable();
        return lines(list);
    }
    if args.variables {
        return variables(&loaded.variables(), args.format);
    }
    match args.format.unwrap_or_default() {
        Format::Json => loaded.to_canonical_json() + "\n",
        Format::Yaml => loaded.to_canonical_yaml(),
    }
}

fn lines<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| format!("{item}\n")).collect()
}

/// The hashes of some services or of all, by name.
fn hashes(loaded: &Loaded, selected: &[String]) -> Vec<String> {
    let mut names = loaded.names(Element::Services);
    names.retain(|name| selected.is_empty() || selected.iter().any(|wanted| wanted == name));
    names.sort_unstable();
    let hash = |name: &&str| Some(format!("{name} {}", loaded.docker_compose_hash(name)?));
    names.iter().filter_map(hash).collect()
}

/// The variables as a table, or with Docker Compose's keys as JSON or YAML.
fn variables(list: &[Variable], format: Option<Format>) -> String {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    match format {
        None => {
            let mut table = Table::new(["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"]);
            for variable in list {
                let required = variable.required.to_string();
                let [default, alternate] = [&variable.default, &variable.alternate].map(text);
                table.row([variable.name.clone(), required, default, alternate]);
            }
            table.render()
        }
        Some(Format::Json) => {
            let entries = list.iter().map(|variable| {
                let value = serde_json::json!({
                    "Name": variable.name,
                    "DefaultValue": text(&variable.default),
                    "PresenceValue": text(&variable.alternate),
                    "Required": variable.required,
                });
                (variable.name.clone(), value)
            });
            format!("{:#}\n", serde_json::Value::Object(entries.collect()))
        }
        Some(Format::Yaml) => list
            .iter()
            .map(|variable| {
                // A JSON text is a YAML text, whatever is in it.
                let quoted = |part: &Option<String>| serde_json::Value::from(text(part)).to_string();
                format!(
                    "{}:\n  name: {}\n  defaultvalue: {}\n  presencevalue: {}\n  required: {}\n",
                    serde_json::Value::from(variable.name.as_str()),
                    serde_json::Value::from(variable.name.as_str()),
                    quoted(&variable.default),
                    quoted(&variable.alternate),
                    variable.required
                )
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use compose_file::{LoadError, MemoryFiles};

    use super::*;
    use crate::args::{Cli, Command};

    const FILE: &str = "
services:
  web: {image: 'web:${TAG:-1}', networks: [front], volumes: ['data:/data'], depends_on: [db], env_file: missing.env}
  db: {image: '${DB:?which}', pre_start: [{command: a, image: init}]}
  tool: {build: ., profiles: [tools], volumes: ['cache:/c'], environment: {A: '${ALT:+on}'}, models: [m]}
networks: {front: {}, unused: {}}
volumes: {data: {}, cache: {}, unused: {}}
models: {m: {model: ai/m}}
";

    /// What `wharf config` prints with these arguments.
    fn try_config(line: &str, environment: &[(&str, &str)]) -> Result<String, LoadError> {
        let words = ["wharf", "config"].into_iter().chain(line.split_whitespace());
        let cli = Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
        let Command::Config(args) = cli.command else { panic!("{line}") };
        let files = MemoryFiles::new().with("/p/compose.yaml", FILE);
        let options = LoadOptions::new("/p")
            .with_file_source(files)
            .with_environment(environment.iter().copied())
            .with_services(args.selected());
        Ok(render(&compose_file::load(&args.complete(options))?, &args))
    }

    #[track_caller]
    fn config(line: &str) -> String {
        try_config(line, &[("DB", "pg")]).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    #[test]
    fn lists() {
        for (line, expected) in [
            ("--services", "web\ndb\n"),
            ("--volumes", "data\n"),
            ("--networks", "front\ndefault\n"),
            ("--models", ""),
            ("--images --no-env-resolution", "web:1\npg\ninit\n"),
            ("--profiles --no-env-resolution", "tools\n"),
            ("--services tool", "tool\n"),
            ("--services db", "db\n"),
            ("--services web", "web\ndb\n"),
            ("--models tool", "ai/m\n"),
            ("--images tool", "p-tool\n"),
            ("--services --no-interpolate", "web\ndb\ntool\n"),
            ("--volumes --no-interpolate", "data\n"),
            ("--images --no-interpolate", "web:${TAG:-1}\n${DB:?which}\ninit\n"),
            ("--profiles --no-interpolate", "tools\n"),
        ] {
            let found = config(line);
            assert_eq!(sorted(&found), sorted(expected), "{line}");
        }
    }

    fn sorted(text: &str) -> Vec<&str> {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines
    }

    #[test]
    fn variables_need_no_values() {
        let table = try_config("--variables", &[]).unwrap();
        assert_eq!(
            table,
            "NAME   REQUIRED   DEFAULT VALUE   ALTERNATE VALUE\n\
             ALT    false                      on\n\
             DB     true\n\
             TAG    false      1\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&try_config("--variables --format json", &[]).unwrap()).unwrap();
        let tag =
            serde_json::json!({"Name": "TAG", "DefaultValue": "1", "PresenceValue": "", "Required": false});
        assert_eq!(json["TAG"], tag);
        let yaml = try_config("--variables --format yaml", &[]).unwrap();
        assert!(yaml.contains("\"DB\":\n  name: \"DB\"\n  defaultvalue: \"\"\n"), "{yaml}");
    }

    #[test]
    fn the_environment_is_printed_whole() {
        let text = try_config("--environment --no-env-resolution", &[("DB", "a b"), ("X", "")]).unwrap();
        assert_eq!(text, "COMPOSE_PROJECT_NAME=p\nDB=a b\nPWD=/p\nX=\n");
    }

    #[test]
    fn hashes_are_those_of_the_services_that_are_asked_for() {
        let all = config("--hash * --no-env-resolution");
        assert_eq!(sorted(&all).len(), 2);
        assert!(all.starts_with("db ") && all.contains("\nweb "), "{all}");
        let one = config("--hash db");
        assert!(all.starts_with(&one), "{one}");
        assert_eq!(config("--hash tool").split(' ').next(), Some("tool"));
    }

    #[test]
    fn only_services_that_are_there() {
        for line in ["wbe", "--hash wbe", "--services web wbe"] {
            let error = try_config(line, &[("DB", "pg")]).unwrap_err().to_string();
            assert!(error.contains("there is no service `wbe` (did you mean `web`?)"), "{line}: {error}");
        }
    }

    #[test]
    fn formats() {
        assert!(config("db").starts_with("name: p\n"));
        assert!(config("db --format yaml").starts_with("name: p\n"));
        let json: serde_json::Value = serde_json::from_str(&config("db --format json")).unwrap();
        assert_eq!(json["services"].as_object().map(serde_json::Map::len), Some(1));
    }

    #[test]
    fn lists_exclude_each_other() {
        for line in ["--services --volumes", "--hash * --images", "--hash * --no-interpolate"] {
            let words = ["wharf", "config"].into_iter().chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_err(), "{line}");
        }
    }
}
