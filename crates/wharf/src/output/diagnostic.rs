//! Errors and warnings of Compose files, with the lines they are about.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use compose_file::{Diagnostic, Origin, Severity, Sources};

/// Renders one diagnostic for a terminal of `width` columns.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources, width: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut title = match &diagnostic.path {
        Some(path) => format!("{path}: {}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut snippets: Vec<(Origin, AnnotationKind, Option<String>)> = Vec::new();
    if let Some(origin) = &diagnostic.origin {
        snippets.push((origin.clone(), AnnotationKind::Primary, None));
    }
    for related in &diagnostic.related {
        snippets.push((related.origin.clone(), AnnotationKind::Context, Some(related.message.clone())));
    }
    // A file whose text is not there: the position alone.
    if let Some(origin) = diagnostic.origin.as_ref().filter(|origin| sources.get(origin.source).is_none()) {
        title = format!("{origin}: {title}");
    }
    let mut group = Group::with_title(level.primary_title(title).id(diagnostic.code.as_str()));
    // Places of one file share an excerpt; the primary one comes first.
    while let Some((first, ..)) = snippets.first() {
        let id = first.source;
        let (same, others): (Vec<_>, Vec<_>) = snippets.into_iter().partition(|(o, ..)| o.source == id);
        snippets = others;
        let Some(source) = sources.get(id) else { continue };
        let text = source.text();
        let mut snippet = Snippet::source(text).path(source.path().to_string_lossy().into_owned());
        for (origin, kind, label) in same {
            let mut annotation = kind.span(first_line(text, &origin));
            if let Some(label) = label {
                annotation = annotation.label(label);
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.clone()));
    }
    let mut text = Renderer::styled().term_width(width.max(40)).render(&[group]);
    text.push('\n');
    text
}

/// The part of a span on its first line: a whole service would be an excerpt of many lines.
fn first_line(text: &str, origin: &Origin) -> std::ops::Range<usize> {
    let start = origin.span.start.min(text.len());
    let end = origin.span.end.clamp(start, text.len());
    let line = text.get(start..end).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
    start..start + line.len()
}

#[cfg(test)]
mod tests {
    use compose_file::{LoadOptions, MemoryFiles, load};

    use super::*;

    fn failing(text: &str) -> String {
        let options =
            LoadOptions::new("/app").with_file_source(MemoryFiles::new().with("/app/compose.yaml", text));
        let error = load(&options).expect_err("the file is wrong");
        let shown: String = error.diagnostics().iter().map(|one| render(one, error.sources(), 100)).collect();
        anstream::adapter::strip_str(&shown).to_string()
    }

    #[test]
    fn an_unknown_attribute_with_what_was_meant() {
        insta::assert_snapshot!(failing(
            "services:\n  web:\n    image: nginx\n    enviroment:\n      A: 1\n"
        ));
    }

    #[test]
    fn a_dependency_that_is_not_there() {
        insta::assert_snapshot!(failing("services:\n  web:\n    image: nginx\n    depends_on: [db]\n"));
    }

    #[test]
    fn text_that_is_no_yaml() {
        insta::assert_snapshot!(failing("services:\n  web: [image: nginx\n"));
    }

    #[test]
    fn several_mistakes_are_all_told() {
        let text = "services:\n  web:\n    image: nginx\n    ports: ['80:x']\n  db:\n    imag: redis\n";
        insta::assert_snapshot!(failing(text));
    }

    #[test]
    fn a_file_that_is_not_there_has_no_excerpt() {
        let options = LoadOptions::new("/app").with_file_source(MemoryFiles::new());
        let error = load(&options).expect_err("there is no file");
        let shown: String = error.diagnostics().iter().map(|one| render(one, error.sources(), 100)).collect();
        let shown = anstream::adapter::strip_str(&shown).to_string();
        assert!(shown.starts_with("error[file]: there is no Compose file in /app"), "{shown}");
        assert!(!shown.contains("-->"), "{shown}");
    }
}
