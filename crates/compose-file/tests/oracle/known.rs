//! The differences that are meant: `design/compose-file.md` says why. Each stands for a pattern of the difference, and of
//! the files where that alone would say too much.

/// A difference that is no mistake.
pub(crate) struct Known {
    /// All of these are in the text of the difference.
    difference: &'static [&'static str],
    /// Each of these is in one of the files.
    files: &'static [&'static str],
    /// Why it stays.
    pub(crate) reason: &'static str,
}

impl Known {
    pub(crate) fn is(&self, difference: &str, files: &[(&str, String)]) -> bool {
        self.difference.iter().all(|part| difference.contains(part))
            && self.files.iter().all(|part| files.iter().any(|(_, text)| text.contains(part)))
    }
}

const NO_TEXT: &str =
    "a value of another type is no path, name or variable, also where two files have merged";

const BY_MERGE_KEY: &str =
    "a tag that comes by way of a merge key gives way to the key's own value, as any merged value does";

const RESET_IN_LISTS: &str =
    "!reset of one variable or label acts on a list, too, which two merged mappings have become";

pub(crate) const KNOWN: &[Known] = &[
    Known {
        difference: &[".pre_start[", "is missing, expected"],
        files: &["pre_start"],
        reason: "what 5.6 fills in from the service into an entry of pre_start is not printed",
    },
    Known {
        difference: &["refused only here", "healthcheck: a test begins CMD"],
        files: &["profiles"],
        reason: "a service that is switched off is checked as well",
    },
    Known {
        difference: &["refused only here", "is not an attribute of `external`"],
        files: &[],
        reason: "unknown keys of `external` pass in 5.6 for secrets",
    },
    Known {
        difference: &[".name is", "expected"],
        files: &["name: !reset"],
        reason: "a name with !reset is gone, also for the project",
    },
    Known {
        difference: &[" is missing, expected"],
        files: &["!reset", "<<: *"],
        reason: "of a key with !reset beside a merge key the merged value does not stay",
    },
    Known {
        difference: &["refused only here", "expected a list of names, found"],
        files: &[],
        reason: "a bare name is no list of names, also where two files have merged",
    },
    Known {
        difference: &["accepted only here", ".extra_hosts must be a mapping"],
        files: &[],
        reason: "merging an empty list over an empty mapping of hosts leaves null behind, which its schema then refuses",
    },
    Known {
        difference: &[
            "accepted only here",
            "configs.",
            "file|environment|content attributes are mutually exclusive",
        ],
        files: &["include:"],
        reason: "a config of an included file has its content filled in from the environment before it is overridden",
    },
    Known {
        difference: &["refused only here", "services.", ".tmpfs[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".dns[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".dns_opt[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".dns_search[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".environment[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".labels[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".annotations[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".sysctls[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".env_file[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["refused only here", "services.", ".label_file[", "expected a string, found "],
        files: &[],
        reason: NO_TEXT,
    },
    Known {
        difference: &["memswap_limit is too much: \"1\""],
        files: &["memswap_limit: 1.5"],
        reason: "a limit that is a float counts, rounded down, and is not dropped",
    },
    Known {
        difference: &["mem_limit is too much: \"1\""],
        files: &["mem_limit: 1.5"],
        reason: "a limit that is a float counts, rounded down, and is not dropped",
    },
    Known {
        difference: &["accepted only here", "services.b", ": invalid type "],
        files: &["extends:"],
        reason: "a service of another file that nothing extends is not checked",
    },
    Known {
        difference: &[".x-top", "T00:00:00Z"],
        files: &[],
        reason: "a date in an x-* element prints in Go's way, as elsewhere, and not in RFC 3339",
    },
    Known {
        difference: &["refused only here", ".blkio_config", "from 0", "found", "-1"],
        files: &[],
        reason: "a negative rate passes config and fails at the engine",
    },
    Known {
        difference: &["accepted only here", ".group_add items at", "are equal"],
        files: &[],
        reason: "a number after the same number as a string is a double for its schema library, the other way round not",
    },
    Known {
        difference: &["accepted only here", ".ports items at", "are equal"],
        files: &["published: \"8080\"", "published: 8080"],
        reason: "a number after the same number as a string is a double for its schema library, the other way round not",
    },
    Known {
        difference: &["accepted only here", "cannot construct !reset"],
        files: &["!reset"],
        reason: "what stands behind a !reset does not matter, whatever its type",
    },
    Known { difference: &[" is too much"], files: &["!reset", "<<:"], reason: BY_MERGE_KEY },
    Known { difference: &[" is too much"], files: &["!override", "<<:"], reason: BY_MERGE_KEY },
    Known {
        difference: &["accepted only here", ".ipam.config must be a array"],
        files: &[],
        reason: "merging pools with an empty list leaves null behind, which its schema then refuses",
    },
    Known {
        difference: &["accepted only here", ".build.ulimits.", "invalid type string for "],
        files: &[],
        reason: "numbers as strings are accepted for the limits of a build, as for those of a service",
    },
    Known {
        difference: &[".extra_hosts is missing, expected []"],
        files: &["extra_hosts"],
        reason: "a host with an empty list of addresses is no entry, and no empty list is printed",
    },
    Known { difference: &["accepted only here", "panic: "], files: &[], reason: "it crashes" },
    Known {
        difference: &["accepted only here", "blkio_config.weight", "unexpected type string"],
        files: &[],
        reason: "numbers as strings are accepted for weights, as for other numbers",
    },
    Known {
        difference: &[".blkio_config.", "is missing, expected"],
        files: &["blkio_config"],
        reason: "what an entry of blkio_config leaves out is not printed",
    },
    Known {
        difference: &[".environment.", "is missing, expected"],
        files: &["!reset"],
        reason: RESET_IN_LISTS,
    },
    Known { difference: &["labels.", "is missing, expected"], files: &["!reset"], reason: RESET_IN_LISTS },
    Known {
        difference: &[".annotations.", "is missing, expected"],
        files: &["!reset"],
        reason: RESET_IN_LISTS,
    },
    Known { difference: &[".extra_hosts is ", "expected ["], files: &["!reset"], reason: RESET_IN_LISTS },
    Known { difference: &[".sysctls.", "is missing, expected"], files: &["!reset"], reason: RESET_IN_LISTS },
    Known { difference: &[".args.", "is missing, expected"], files: &["!reset"], reason: RESET_IN_LISTS },
];
