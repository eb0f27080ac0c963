//! The differences that are meant: `design/compose-file.md` says why. Each stands for a pattern of the difference, and of
//! the files where that alone would say too much.

/// A difference that is no mistake.
pub(crate) struct Known {
    /// All of these are in the text of the difference.
    difference: &'static [&'static str],
    /// One of the files contains one of these, unless there are none.
    files: &'static [&'static str],
    /// Why it stays.
    pub(crate) reason: &'static str,
}

impl Known {
    pub(crate) fn is(&self, difference: &str, files: &[(&str, String)]) -> bool {
        self.difference.iter().all(|part| difference.contains(part))
            && (self.files.is_empty()
                || self.files.iter().any(|part| files.iter().any(|(_, text)| text.contains(part))))
    }
}

pub(crate) const KNOWN: &[Known] = &[];
