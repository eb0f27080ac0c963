//! What was made from a YAML, and what was taken down.

use http_endpoint::{GoError, response};

use crate::pods::{PodReport, PodRmReport};
use crate::secrets::SecretCreateReport;

response! {
    /// Answer of [`KubePlay`](super::KubePlay) and [`KubeDown`](super::KubeDown).
    pub struct PlayKubeReport {
        /// The pods that were made.
        pods: Vec<PlayKubePod> = "Pods",
        /// The volumes that were made.
        volumes: Vec<PlayKubeVolume> = "Volumes",
        /// The pods that were stopped.
        stop_report: Vec<PodReport> = "StopReport",
        /// The pods that were removed.
        rm_report: Vec<PodRmReport> = "RmReport",
        /// The volumes that were removed. Since Podman 4.4.
        volume_rm_report: Vec<TeardownVolume> = "VolumeRmReport",
        /// The secrets that were removed. Since Podman 4.5.
        secret_rm_report: Vec<TeardownSecret> = "SecretRmReport",
        /// The secrets that were made.
        secrets: Vec<PlaySecret> = "Secrets",
        /// Id of the container that lives as long as the pods do, where one was asked for. Since Podman 4.5.
        service_container_id: String = "ServiceContainerID",
        /// What the YAML has that is not understood. Since Podman 6.0.
        validation_warnings: Vec<String> = "ValidationWarnings",
        /// The exit code of a play that waited for the end. Since Podman 4.7.
        exit_code: Option<i32> = "ExitCode",
    }
}

response! {
    /// A pod that was made.
    pub struct PlayKubePod {
        /// Id.
        id: String = "ID",
        /// Ids of its containers.
        containers: Vec<String> = "Containers",
        /// Ids of the containers that run before them.
        init_containers: Vec<String> = "InitContainers",
        /// What was noted on the way.
        logs: Vec<String> = "Logs",
        /// Why containers did not start.
        container_errors: Vec<String> = "ContainerErrors",
    }
}

response! {
    /// A volume that was made.
    pub struct PlayKubeVolume {
        /// Name.
        name: String = "Name",
    }
}

response! {
    /// A secret that was made.
    pub struct PlaySecret {
        /// Which.
        create_report: SecretCreateReport = "CreateReport",
    }
}

response! {
    /// A volume that was removed.
    pub struct TeardownVolume {
        /// Why it was not removed.
        err: GoError = "Err",
        /// Name.
        id: String = "Id",
    }
}

response! {
    /// A secret that was removed.
    pub struct TeardownSecret {
        /// Id.
        id: String = "ID",
        /// Why it was not removed.
        err: GoError = "Err",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::super::{KubeDown, KubePlayTar};

    #[test]
    fn reports_of_4_3_and_5_8_decode() {
        let new = KubeDown::decode(
            br#"{"Pods":null,"Volumes":null,"StopReport":[{"Errs":null,"Id":"ab","RawInput":"p"}],"RmReport":
            [{"RemovedCtrs":{"cd":null,"ef":"in use"},"Err":null,"Id":"ab"}],"VolumeRmReport":[],
            "SecretRmReport":[{"ID":"s","Err":null}],"Secrets":null,"ServiceContainerID":"","ExitCode":null}"#,
        )
        .unwrap();
        assert_eq!(new.rm_report[0].removed_containers["ef"].0.as_deref(), Some("in use"));
        assert_eq!((new.stop_report[0].raw_input.as_str(), new.exit_code), ("p", None));

        let old = KubeDown::decode(
            br#"{"Pods":null,"Volumes":null,"StopReport":[{"Errs":["no"],"Id":"ab"}],"RmReport":[{"Err":null,
            "Id":"ab"}],"Secrets":null}"#,
        )
        .unwrap();
        assert_eq!(old.stop_report[0].errors[0].0.as_deref(), Some("no"));
    }

    #[test]
    fn a_play_says_what_its_body_is() {
        assert_eq!(KubePlayTar::REQUEST, http_endpoint::RequestKind::Stream("application/x-tar"));
        assert_eq!(KubePlayTar::SINCE, Some("5.3"));
        let play = KubePlayTar::new().with_auth("c2VjcmV0").with_build(true);
        assert!(!format!("{play:?}").contains("c2VjcmV0"));
        assert_eq!(play.target(""), "/kube/play?build=true");
    }
}
