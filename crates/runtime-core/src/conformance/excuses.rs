//! Cases that a version of an engine cannot pass, with the reason.

use crate::EngineInfo;

/// Why a case is not run on this engine; `None` when it has to pass.
pub(super) fn reason(case: &str, info: &EngineInfo) -> Option<&'static str> {
    let podman = info.name == "Podman";
    let old = podman && version(&info.version) < (5, 0);
    match case {
        "mount_bind_of_missing_source" if podman => {
            Some("Podman's compatible API makes a missing source, whatever it is told")
        }
        "limit_files" if old => {
            Some("Podman 4 raises the limit of processes with any ulimit, which needs CAP_SYS_RESOURCE")
        }
        "auto_remove" if old => Some("Podman 4 tells no exit code of a container that is removed meanwhile"),
        "exec_detached" if old => Some("Podman 4 does not notice the end of a detached exec"),
        "logs_follow_only_what_is_new" if old => {
            Some("Podman 4 follows nothing when no old line is asked for")
        }
        "attach_with_logs" if old => Some("Podman 4 replays a log without telling its streams apart"),
        _ => None,
    }
}

/// Major and minor number of a version.
fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_engine_that_differs_is_excused() {
        let podman = |version| EngineInfo::new("Podman", version);
        assert!(reason("exec_detached", &podman("4.3.1")).is_some());
        assert_eq!(reason("exec_detached", &podman("5.4.2")), None);
        assert_eq!(reason("exec_detached", &EngineInfo::new("Docker", "4.3.1")), None);
        assert_eq!(reason("exec_exit_code", &podman("4.3.1")), None);
    }

    #[test]
    fn every_case_has_a_name_of_its_own() {
        let mut names: Vec<&str> = super::super::cases().iter().map(|case| case.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
