//! Where values come from, so that an error can tell: by way of which line a file was read, and what set a variable.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::diagnostic::{SourceId, Sources, Span};
use crate::interpolate::expressions;

/// Variables that the loader sets itself.
const OWN: [&str; 2] = ["COMPOSE_PROJECT_NAME", "PWD"];

/// What was noted while files were read.
#[derive(Debug, Default)]
pub(crate) struct Provenance {
    /// The names of the caller's environment, which counts before every file.
    given: BTreeSet<String>,
    /// The environment files that count in the unit that is being loaded, the first one first.
    scope: Rc<[SourceId]>,
    /// The same for each Compose file.
    scopes: HashMap<SourceId, Rc<[SourceId]>>,
    /// The `include`, `extends`, `env_file` or `label_file` that names a file.
    named: HashMap<SourceId, Span>,
}

/// What set a variable.
pub(crate) enum Setter {
    /// The caller's environment.
    Environment,
    /// An environment file.
    File(Span),
    /// Nothing did.
    Nobody,
}

impl Provenance {
    pub(crate) fn new<'n>(given: impl Iterator<Item = &'n String>) -> Self {
        Self { given: given.cloned().collect(), ..Self::default() }
    }

    /// Environment files count from now on, after those that count already; the last one counts before the others.
    /// Gives what [`Provenance::restore`] takes.
    pub(crate) fn extend_scope(&mut self, files: &[SourceId]) -> Rc<[SourceId]> {
        let longer = self.scope.iter().chain(files.iter().rev()).copied().collect();
        std::mem::replace(&mut self.scope, longer)
    }

    /// Goes back to the environment files of the unit around.
    pub(crate) fn restore(&mut self, scope: Rc<[SourceId]>) {
        self.scope = scope;
    }

    /// A Compose file is read now.
    pub(crate) fn note_compose_file(&mut self, source: SourceId) {
        self.scopes.insert(source, Rc::clone(&self.scope));
    }

    /// A file is read because of this.
    pub(crate) fn note_named(&mut self, source: SourceId, from: Span) {
        if from != Span::NONE {
            self.named.entry(source).or_insert(from);
        }
    }

    /// The places by way of which a file came in, the nearest one first.
    pub(crate) fn way_to(&self, source: SourceId) -> Vec<Span> {
        /// More places than this help nobody.
        const MOST: usize = 4;
        let mut way = Vec::new();
        let mut at = source;
        while let Some(from) = self.named.get(&at).filter(|_| way.len() < MOST) {
            way.push(*from);
            at = from.source;
        }
        way
    }

    /// The variables in the text of a value, each once, and what set them.
    pub(crate) fn variables_at(&self, span: Span, sources: &Sources) -> Vec<(String, Setter)> {
        let Some(text) =
            sources.origin(span).and_then(|origin| sources.get(origin.source)?.text().get(origin.span))
        else {
            return Vec::new();
        };
        let mut found: Vec<(String, Setter)> = Vec::new();
        expressions(text, &mut |expression| {
            let name = expression.name;
            if !OWN.contains(&name) && !found.iter().any(|(known, _)| known == name) {
                found.push((name.to_owned(), self.setter(name, span.source, sources)));
            }
        });
        found
    }

    fn setter(&self, name: &str, from: SourceId, sources: &Sources) -> Setter {
        if self.given.contains(name) {
            return Setter::Environment;
        }
        let files = self.scopes.get(&from).unwrap_or(&self.scope);
        let place = files.iter().find_map(|file| setting(sources.get(*file)?.text(), name, *file));
        place.map_or(Setter::Nobody, Setter::File)
    }
}

/// The last line of an environment file that sets a variable. Names are legible in it, values are masked.
fn setting(text: &str, name: &str, source: SourceId) -> Option<Span> {
    let mut found = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        let indent = line.chars().count() - rest.chars().count();
        let key = rest.strip_prefix("export ").unwrap_or(rest).trim_start().strip_prefix(name);
        if key.is_some_and(|after| after.trim_start_matches([' ', '\t']).starts_with(['=', ':'])) {
            found = Some((start + indent, start + indent + rest.trim_end().chars().count()));
        }
        start += line.chars().count();
    }
    let (start, end) = found?;
    Some(Span { source, start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_sets_a_name_is_found() {
        for (text, expected) in [
            ("A=*\nB=*\nA=**\n", Some((8, 12))),
            ("  export A : *", Some((2, 14))),
            ("AA=*\n#A=*\nA\n", None),
            ("é=*\nA=*", Some((4, 7))),
        ] {
            let found = setting(text, "A", SourceId(0)).map(|span| (span.start, span.end));
            assert_eq!(found, expected, "{text}");
        }
    }
}
