//! The variables that the files use.

use indexmap::IndexMap;

use crate::diagnostic::{Origin, Sources, Span};
use crate::interpolate::expressions;
use crate::tree::Path;

/// A variable that a Compose file uses, whether it is set or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether a file asks for it: `${NAME:?}` or `${NAME?}`.
    pub required: bool,
    /// What a file says where it asks for it: `${NAME:?message}`.
    pub message: Option<String>,
    /// What counts where it is not set: `${NAME:-default}` or `${NAME-default}`, as written. `None`: blank.
    pub default: Option<String>,
    /// What counts in its place where it is set: `${NAME:+alternate}` or `${NAME+alternate}`, as written.
    pub alternate: Option<String>,
    /// The value in the model that uses it first, such as `services.web.image`.
    pub path: String,
    /// Where that stands.
    pub origin: Option<Origin>,
}

/// The variables that were found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(IndexMap<String, (Variable, Span)>);

impl Found {
    /// Notes the variables of a text. Where several uses say different things the first one counts.
    pub(crate) fn note(&mut self, text: &str, path: &Path<'_>, span: Span) {
        expressions(text, &mut |expression| {
            if !self.0.contains_key(expression.name) {
                let variable = Variable {
                    name: expression.name.to_owned(),
                    required: false,
                    message: None,
                    default: None,
                    alternate: None,
                    path: path.to_string(),
                    origin: None,
                };
                self.0.insert(expression.name.to_owned(), (variable, span));
            }
            let Some((variable, _)) = self.0.get_mut(expression.name) else { return };
            let operand = || Some(expression.operand.to_owned());
            match expression.operator {
                Some((b'?', _)) => {
                    variable.required = true;
                    if variable.message.is_none() && !expression.operand.is_empty() {
                        variable.message = operand();
                    }
                }
                Some((b'-', _)) if variable.default.is_none() => variable.default = operand(),
                Some((b'+', _)) if variable.alternate.is_none() => variable.alternate = operand(),
                _ => {}
            }
        });
    }

    /// All of them by name, with their places.
    pub(crate) fn list(&self, sources: &Sources) -> Vec<Variable> {
        let mut list: Vec<Variable> = self
            .0
            .values()
            .map(|(variable, span)| Variable { origin: sources.origin(*span), ..variable.clone() })
            .collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list
    }
}
