//! As whom an early probe may run.
//!
//! Many images start as root, prepare files, and then become a user of their own. A probe that runs as root before
//! that can create files that the server then cannot read: RabbitMQ's cookie is the known case. So an early probe
//! runs as the user that the main process has become, and not before that is settled. Counted probes run as the
//! configured user, as Docker's do.

use std::time::Duration;

/// After this time a main process that is root stays root.
pub(super) const SETTLED: Duration = Duration::from_millis(100);
/// After this time one that is a shell with a script file stays root: what the script does cannot be seen, and entry
/// points need that long before they become the server.
const SCRIPT_SETTLED: Duration = Duration::from_secs(2);

const INITS: [&str; 7] =
    ["docker-init", "podman-init", "catatonit", "tini", "tini-static", "dumb-init", "init"];
/// The engine's own programs, which a main process is until it becomes the container's program.
const RUNTIMES: [&str; 3] = ["crun", "runc", "youki"];
const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "ksh", "zsh"];
/// Programs by which a script becomes another user.
const SWITCHERS: [&str; 9] =
    ["gosu", "su-exec", "su", "setpriv", "runuser", "chroot", "sudo", "chpst", "s6-setuidgid"];

/// As whom to probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum User {
    /// The container's configured user.
    Configured,
    /// The user that the main process has become.
    Become(String),
    /// It cannot be told yet.
    Unsettled,
}

/// Whether a container that is configured with this user begins as root.
pub(super) fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), None | Some("" | "root" | "0"))
}

/// Reads the processes of a container that begins as root; `None` when the table has not the columns that it should
/// have.
pub(super) fn user(titles: &[String], rows: &[Vec<String>], running_for: Duration) -> Option<User> {
    let column = |names: &[&str]| titles.iter().position(|title| names.contains(&title.as_str()));
    let (user, pid, parent) = (column(&["UID", "USER"])?, column(&["PID"])?, column(&["PPID"])?);
    let command = column(&["COMMAND", "CMD"])?;
    let cell = |row: &'_ Vec<String>, index: usize| row.get(index).cloned().unwrap_or_default();

    let is_listed = |wanted: &str| rows.iter().any(|row| cell(row, pid) == wanted);
    let Some(mut main) = rows.iter().find(|row| !is_listed(&cell(row, parent))) else {
        return Some(User::Unsettled);
    };
    if is_runtime(&cell(main, command)) {
        return Some(User::Unsettled);
    }
    if program(&cell(main, command)).is_some_and(|name| INITS.contains(&name.as_str())) {
        let init = cell(main, pid);
        match rows.iter().find(|row| cell(row, parent) == init) {
            Some(child) => main = child,
            None => return Some(User::Unsettled),
        }
    }
    let who = cell(main, user);
    if !is_root(&who) {
        return Some(User::Become(who));
    }
    let needs = match entry(&cell(main, command)) {
        Entry::Server => SETTLED,
        Entry::Script => SCRIPT_SETTLED,
        Entry::Switch => {
            let table = rows.iter().map(|row| [cell(row, pid), cell(row, parent), cell(row, user)]).collect();
            return Some(other_descendant(&cell(main, pid), table).map_or(User::Unsettled, User::Become));
        }
    };
    Some(if running_for >= needs { User::Configured } else { User::Unsettled })
}

/// The user of a process that descends from this one and is not root's: `su` and `sudo` stay root and wait for what they
/// start. A row is a process, its parent and its user.
fn other_descendant(ancestor: &str, mut table: Vec<[String; 3]>) -> Option<String> {
    let mut family = vec![ancestor.to_owned()];
    // Each row is taken out once: no table, however odd, is walked for ever.
    while let Some(of) = family.pop() {
        let children: Vec<_> = table.extract_if(.., |[_, parent, _]| *parent == of).collect();
        for [pid, _, user] in children {
            if !is_root(&user) {
                return Some(user);
            }
            family.push(pid);
        }
    }
    None
}

/// What a main process that is root is about to do, by its command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// It does not seem to become another user.
    Server,
    /// A shell runs a script file, which may.
    Script,
    /// It names a program that changes users: it will become another, however long it takes. One on whose command line
    /// such a name means something else gets counted probes only.
    Switch,
}

/// File name of the program of a command line.
fn program(command: &str) -> Option<String> {
    let first = command.split_whitespace().next()?;
    first.trim_start_matches('-').rsplit('/').next().map(str::to_owned)
}

/// Whether the engine still prepares the process: on a busy machine that lasts beyond the answer to the start.
fn is_runtime(command: &str) -> bool {
    command.starts_with("runc:[")
        || command == "/proc/self/exe init"
        || program(command).is_some_and(|name| RUNTIMES.contains(&name.as_str()))
}

fn entry(command: &str) -> Entry {
    if command.split_whitespace().any(|word| program(word).is_some_and(|p| SWITCHERS.contains(&p.as_str()))) {
        return Entry::Switch;
    }
    let mut words = command.split_whitespace().peekable();
    if words.peek().is_some_and(|word| word.ends_with("busybox")) {
        words.next();
    }
    if !words.next().and_then(program).is_some_and(|name| SHELLS.contains(&name.as_str())) {
        return Entry::Server;
    }
    while let Some(word) = words.next_if(|word| word.starts_with('-')) {
        if !word.starts_with("--") && word.contains('c') {
            return Entry::Server;
        }
    }
    if words.next().is_some() { Entry::Script } else { Entry::Server }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn titles() -> Vec<String> {
        ["USER", "PID", "PPID", "COMMAND"].map(str::to_owned).to_vec()
    }

    fn look(rows: &[(&str, &str, &str, &str)], at: Duration) -> User {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|(user, pid, parent, command)| [*user, *pid, *parent, *command].map(str::to_owned).to_vec())
            .collect();
        user(&titles(), &rows, at).unwrap()
    }

    #[test]
    fn a_process_that_has_become_a_user_is_settled() {
        let rows = [("rabbitmq", "1", "0", "beam.smp"), ("root", "9", "0", "sh")];
        assert_eq!(look(&rows, MS), User::Become("rabbitmq".into()));
    }

    #[test]
    fn root_settles_after_a_time_that_depends_on_what_runs() {
        for (command, settles) in [
            ("sleep 3600", 100),
            ("nginx: master process nginx", 100),
            ("sh", 100),
            ("sh -c sleep 0.3; touch /tmp/ok; sleep 3600", 100),
            ("/bin/sh /usr/local/bin/docker-entrypoint.sh redis-server", 2000),
            ("bash -e ./run", 2000),
            ("/bin/busybox sh ./run", 2000),
        ] {
            let rows = [("root", "1", "0", command)];
            assert_eq!(look(&rows, MS * (settles - 1)), User::Unsettled, "{command}");
            assert_eq!(look(&rows, MS * settles), User::Configured, "{command}");
        }
    }

    #[test]
    fn what_the_engine_still_prepares_is_not_settled() {
        for command in ["/usr/bin/crun --log-format=json create --bundle /x id", "runc init", "runc:[2:INIT]"]
        {
            assert_eq!(look(&[("root", "1", "0", command)], MS * 60_000), User::Unsettled, "{command}");
        }
    }

    #[test]
    fn what_names_a_program_that_changes_users_is_waited_for_however_long_it_takes() {
        for command in
            ["/bin/sh -ec chown x /y; exec gosu app server", "gosu app server", "/sbin/su-exec app server"]
        {
            assert_eq!(look(&[("root", "1", "0", command)], MS * 60_000), User::Unsettled, "{command}");
        }
    }

    #[test]
    fn one_that_waits_for_what_it_starts_as_another_user_has_settled() {
        let rows = [
            ("root", "1", "0", "sh -c prepare; su app -c server"),
            ("root", "7", "1", "su app -c server"),
            ("app", "8", "7", "server"),
        ];
        assert_eq!(look(&rows, MS), User::Become("app".into()));
        assert_eq!(look(&rows[..2], MS * 5000), User::Unsettled);
    }

    #[test]
    fn a_table_in_which_parents_go_in_circles_is_walked_once() {
        let rows = [
            ("root", "1", "0", "su app"),
            ("root", "2", "1", "sh"),
            ("root", "1", "2", "sh"),
            ("root", "3", "3", "sh"),
        ];
        assert_eq!(look(&rows, MS), User::Unsettled);
    }

    #[test]
    fn an_init_is_looked_through() {
        let init = ("root", "11", "10", "/sbin/docker-init -- server");
        assert_eq!(look(&[init], MS * 5000), User::Unsettled);
        assert_eq!(look(&[("999", "12", "11", "server"), init], MS), User::Become("999".into()));
    }

    #[test]
    fn an_odd_table_is_no_answer() {
        assert_eq!(user(&["NAME".into()], &[vec!["x".into()]], MS), None);
        assert_eq!(user(&titles(), &[], MS * 500), Some(User::Unsettled));
    }

    #[test]
    fn root_has_several_names() {
        for (user, root) in
            [("", true), ("0", true), ("root:app", true), ("0:0", true), ("app", false), ("1000:0", false)]
        {
            assert_eq!(is_root(user), root, "{user}");
        }
    }
}
