//! Prints the output of containers: `web-1  | line`, a colour for each.

use std::io;

use anstyle::Style;
use compose::LogLine;
use compose_file::Project;
use indexmap::IndexMap;
use runtime_core::OutputStream;

use crate::output::Output;
use crate::output::style::PREFIXES;

/// How lines are printed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogStyle {
    /// Leave the prefix out.
    pub(crate) no_prefix: bool,
    /// Leave colours out.
    pub(crate) no_color: bool,
    /// Send what was written to standard error to ours, rather than everything to standard output.
    pub(crate) split: bool,
}

/// Prints lines with aligned prefixes. The containers' own colours and bytes are left as they are.
#[derive(Debug)]
pub(crate) struct LogPrinter {
    output: Output,
    style: LogStyle,
    project: String,
    width: usize,
    colours: IndexMap<String, Style>,
}

impl LogPrinter {
    /// A printer for the containers of some services (all for none).
    pub(crate) fn new(output: &Output, project: &Project, services: &[String], style: LogStyle) -> Self {
        let colour = !style.no_color && output.stdout_has_colour();
        let style = LogStyle { no_color: !colour, ..style };
        let width = project
            .services
            .iter()
            .filter(|(name, _)| services.is_empty() || services.contains(name))
            .map(|(name, service)| match &service.container_name {
                Some(name) => name.chars().count(),
                None => name.chars().count() + 1 + service.replicas().max(1).to_string().len(),
            })
            .max()
            .unwrap_or(0);
        Self { output: output.clone(), style, project: project.name.clone(), width, colours: IndexMap::new() }
    }

    /// Prints one line.
    ///
    /// # Errors
    /// If standard output or standard error cannot be written.
    pub(crate) fn line(&mut self, line: &LogLine) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(line.line.len() + self.width + 16);
        if !self.style.no_prefix {
            bytes.extend_from_slice(self.prefix(&line.container).as_bytes());
        }
        bytes.extend_from_slice(line.line.strip_suffix(b"\r").unwrap_or(&line.line));
        bytes.push(b'\n');
        match line.stream {
            OutputStream::Stderr if self.style.split => self.output.err_raw(bytes),
            _ => self.output.out_raw(bytes),
        }
    }

    /// Prints that a container ended.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn exited(&mut self, container: &str, code: i64, will_restart: bool) -> io::Result<()> {
        let style = self.colour(container);
        let name = short_name(&self.project, container);
        let again = if will_restart { ", will be restarted" } else { "" };
        self.output.out_raw(format!("{style}{name} exited with code {code}{again}{style:#}\n").into_bytes())
    }

    /// Warns that what a container prints cannot be shown.
    pub(crate) fn unreadable(&self, container: &str, reason: &str) {
        let name = short_name(&self.project, container);
        self.output.warning(&format!("the output of {name} cannot be shown: {reason}"));
    }

    fn prefix(&mut self, container: &str) -> String {
        let style = self.colour(container);
        let name = short_name(&self.project, container);
        self.width = self.width.max(name.chars().count());
        format!("{style}{name:width$}  |{style:#} ", width = self.width)
    }

    fn colour(&mut self, container: &str) -> Style {
        if self.style.no_color {
            return Style::new();
        }
        if let Some(style) = self.colours.get(container) {
            return *style;
        }
        let style = PREFIXES[self.colours.len() % PREFIXES.len()];
        self.colours.insert(container.to_owned(), style);
        style
    }
}

/// The name without the project: `web-1` for `shop-web-1`. A name of one's own stays whole.
fn short_name<'a>(project: &str, container: &'a str) -> &'a str {
    container
        .strip_prefix(project)
        .and_then(|rest| rest.strip_prefix(['-', '_']))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(container)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn printer(style: LogStyle) -> LogPrinter {
        let cli = crate::args::Cli::parse_from(["wharf", "--ansi", "always", "ps"]);
        let mut project = Project { name: "shop".into(), ..Project::default() };
        for name in ["db", "worker"] {
            let service = compose_file::Service { scale: Some(10), ..Default::default() };
            project.services.insert(name.into(), service);
        }
        LogPrinter::new(&Output::new(&cli.global), &project, &[], style)
    }

    #[test]
    fn prefixes_are_as_wide_as_the_longest_name_can_be() {
        let mut printer = printer(LogStyle { no_color: true, ..LogStyle::default() });
        assert_eq!(printer.prefix("shop-db-1"), "db-1       | ");
        assert_eq!(printer.prefix("shop-worker-10"), "worker-10  | ");
        assert_eq!(printer.prefix("a-name-of-its-own"), "a-name-of-its-own  | ");
    }

    #[test]
    fn every_container_keeps_its_colour() {
        let mut printer = printer(LogStyle::default());
        let (db, worker) = (printer.colour("shop-db-1"), printer.colour("shop-worker-1"));
        assert_ne!(db, worker);
        assert_eq!(printer.colour("shop-db-1"), db);
        assert!(printer.prefix("shop-db-1").starts_with("\x1b["));
    }

    #[test]
    fn only_the_projects_own_prefix_is_cut() {
        assert_eq!(short_name("shop", "shop-web-1"), "web-1");
        assert_eq!(short_name("shop", "shop_web_1"), "web_1");
        assert_eq!(short_name("shop", "shopping-1"), "shopping-1");
        assert_eq!(short_name("shop", "shop"), "shop");
    }
}
