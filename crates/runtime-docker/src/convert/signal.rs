//! Signal names.

/// Linux's numbers, the same on every architecture that containers run on.
const NAMES: [&str; 31] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// The name of a signal that an engine may give as a number, as Podman does. A number without a name stays.
pub(crate) fn name(signal: &str) -> String {
    signal
        .parse::<usize>()
        .ok()
        .and_then(|number| NAMES.get(number.checked_sub(1)?))
        .map_or_else(|| signal.to_owned(), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn numbers_become_names() {
        assert_eq!(
            [name("15"), name("9"), name("3"), name("28")],
            ["SIGTERM", "SIGKILL", "SIGQUIT", "SIGWINCH"]
        );
        assert_eq!([name("SIGTERM"), name("0"), name("37"), name("")], ["SIGTERM", "0", "37", ""]);
    }
}
