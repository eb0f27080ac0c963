//! The command line: global options and the list of commands. What a command takes stands beside its code.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{build, completion, config, down, exec, logs, ps, pull, up, version};

/// Runs Compose projects on any container engine.
#[derive(Debug, Parser)]
#[command(name = "wharf", version, propagate_version = false, subcommand_required = true)]
#[command(arg_required_else_help = true, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that stand before the command.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Global {
    /// Compose file, `-` for standard input; may be repeated, later files are merged over earlier ones
    /// [env: COMPOSE_FILE]
    #[arg(short, long = "file", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Name of the project [env: COMPOSE_PROJECT_NAME]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) project_name: Option<String>,
    /// Switch a profile on, `*` for all; may be repeated [env: COMPOSE_PROFILES]
    #[arg(long = "profile", value_name = "PROFILE")]
    pub(crate) profiles: Vec<String>,
    /// File with variables, instead of `.env`; may be repeated [env: COMPOSE_ENV_FILES]
    #[arg(long = "env-file", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) env_files: Vec<PathBuf>,
    /// Directory that relative paths are relative to, instead of that of the first Compose file
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) project_directory: Option<PathBuf>,
    /// Engine to use, such as `unix:///run/docker.sock` [env: WHARF_HOST, DOCKER_HOST, CONTAINER_HOST]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) host: Option<String>,
    /// When to write colours and to move the cursor [env: COMPOSE_ANSI, NO_COLOR]
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, env = "COMPOSE_ANSI", hide_env = true)]
    pub(crate) ansi: Ansi,
    /// How to show progress [env: COMPOSE_PROGRESS]
    #[arg(long, value_name = "HOW", value_enum, default_value_t, env = "COMPOSE_PROGRESS", hide_env = true)]
    pub(crate) progress: ProgressMode,
}

/// `--ansi`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ansi {
    /// On a terminal.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// `--progress`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressMode {
    /// Live rows on a terminal, else lines.
    #[default]
    Auto,
    /// Live rows.
    Tty,
    /// A line for each event.
    Plain,
    /// Nothing but warnings and errors.
    Quiet,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Up(up::UpArgs),
    Down(down::DownArgs),
    Ps(ps::PsArgs),
    Logs(logs::LogsArgs),
    Exec(exec::ExecArgs),
    Build(build::BuildArgs),
    Pull(pull::PullArgs),
    Config(config::ConfigArgs),
    Version(version::VersionArgs),
    Completion(completion::CompletionArgs),
}

/// Reads a duration as docker-compose's `--timeout` and `--wait-timeout` take it: whole seconds.
pub(crate) fn seconds(text: &str) -> Result<std::time::Duration, String> {
    text.parse().map(std::time::Duration::from_secs).map_err(|_| "expected a number of seconds".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_same_letter_means_a_file_before_the_command_and_following_after_it() {
        let cli = parse("wharf -f a.yaml -f b.yaml logs -f web");
        assert_eq!(cli.global.files, [PathBuf::from("a.yaml"), PathBuf::from("b.yaml")]);
        let Command::Logs(logs) = cli.command else { panic!("{:?}", cli.command) };
        assert!(logs.follow);
        assert_eq!(logs.services, ["web"]);
    }

    #[test]
    fn everything_after_the_service_belongs_to_the_command_that_exec_runs() {
        let Command::Exec(exec) = parse("wharf exec -T web ls -l --color -e x").command else { panic!() };
        assert_eq!(exec.service, "web");
        assert_eq!(exec.command, ["ls", "-l", "--color", "-e", "x"]);
        assert!(exec.env.is_empty());
    }

    #[test]
    fn options_of_up_that_exclude_each_other_are_refused() {
        for line in [
            "wharf up --detach --abort-on-container-exit",
            "wharf up --force-recreate --no-recreate",
            "wharf up --wait --exit-code-from web",
            "wharf up --scale web",
            "wharf up --scale web=-1",
            "wharf up --timeout soon",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }

    #[test]
    fn help_texts() {
        let mut root = Cli::command();
        root.build();
        let mut text = root.render_long_help().to_string();
        for command in root.get_subcommands_mut() {
            text.push_str("\n-------- ");
            text.push_str(command.get_name());
            text.push_str(" --------\n");
            text.push_str(&command.render_help().to_string());
        }
        insta::assert_snapshot!(text);
    }
}
