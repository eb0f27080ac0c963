//! The project's name.

use super::Loader;
use super::discover::Found;
use super::files::Document;
use crate::diagnostic::{Code, LoadError, Span};
use crate::interpolate::interpolate;
use crate::report::{Failed, Report};
use crate::tree::{Map, Node, put};

impl Loader<'_> {
    /// `-p`, `COMPOSE_PROJECT_NAME`, the last `name` of the files, or the name of the project directory.
    pub(super) fn project_name(&mut self, documents: &[Document], found: &Found) -> Result<String, Failed> {
        let given =
            self.options.project_name.as_deref().filter(|name| !name.is_empty()).map(|name| (name, "-p"));
        let variable = found.environment.get("COMPOSE_PROJECT_NAME").filter(|name| !name.is_empty());
        if let Some((name, from)) = given.or(variable.map(|name| (name, "COMPOSE_PROJECT_NAME"))) {
            if normalize(name) == name {
                return Ok(name.to_owned());
            }
            let message = format!("the project name `{name}` of {from} is not allowed");
            self.report
                .error_at(Code::ProjectName, String::new(), Span::NONE, message)
                .help("use lower-case letters, digits, `-` and `_`, and begin with a letter or a digit");
            return Err(Failed);
        }
        let mut written = documents.iter().rev().filter_map(|document| document.node.get("name"));
        let written = written.find(|name| name.as_str().is_some_and(|text| !text.is_empty()));
        let (name, span, what) = match written {
            Some(node) => {
                let mut map = Map::new();
                put(&mut map, "name", node.clone());
                let mut holder = Node::map(map, node.span);
                if self.options.steps.interpolate {
                    interpolate(&mut holder, &found.environment, &mut self.budget, &mut self.report);
                    self.report.check()?;
                }
                let text = holder.get_str("name").unwrap_or_default();
                (normalize(text), node.span, "the `name` of the Compose file".to_owned())
            }
            None => {
                let base =
                    found.dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                (normalize(&base), Span::NONE, format!("the directory's name `{base}`"))
            }
        };
        if name.is_empty() {
            let message = format!("{what} has no letter or digit that a project name may have");
            self.report
                .error_at(Code::ProjectName, String::new(), span, message)
                .help("use lower-case letters, digits, `-` and `_`, or give the project a name with -p");
            return Err(Failed);
        }
        Ok(name)
    }
}

/// Lower case, with what is not allowed taken out, and without leading `_` and `-`.
fn normalize(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
        .collect();
    kept.trim_start_matches(['_', '-']).to_owned()
}

/// The project's name for commands that work without a Compose file (`-p NAME ps`): lower-cased, with what a name
/// cannot have taken out.
///
/// # Errors
/// If nothing is left of it.
pub fn project_name_from(name: &str) -> Result<String, LoadError> {
    let kept = normalize(name);
    if kept.is_empty() {
        let mut report = Report::default();
        let message = format!("`{name}` has no letter or digit that a project name may have");
        report
            .error_at(Code::ProjectName, String::new(), Span::NONE, message)
            .help("use lower-case letters, digits, `-` and `_`");
        return Err(report.into_error());
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::{normalize, project_name_from};

    #[test]
    fn names() {
        for (name, project) in
            [("My.Dir-X_1", "mydir-x_1"), ("__a", "a"), ("Foo.Bar", "foobar"), ("...", ""), ("é1", "1")]
        {
            assert_eq!(normalize(name), project);
        }
        assert!(project_name_from("...").is_err());
    }
}
