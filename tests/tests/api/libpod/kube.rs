//! Kubernetes YAML.

use std::collections::BTreeMap;

use http_endpoint::JsonQuery;
use libpod_api::kube::{
    GenerateKube, KubeApply, KubeDown, KubeGenerate, KubePlay, KubePlayTar, PlayKube, PlayKubeDown,
};
use libpod_api::volumes::{VolumeInspect, VolumeRemove};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

/// No YAML at all.
const WRONG: &[u8] = b"kind: [";

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    generate(t).await?;
    play(t).await?;
    older_paths(t).await?;
    archive(t).await?;
    apply(t).await
}

/// A pod with a container that sleeps, a volume and a secret.
fn yaml(t: &Tour, pod: &str) -> Vec<u8> {
    let (key, value) = t.label();
    let image = t.image();
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {pod}-data}}\nspec:\n  \
           accessModes: [ReadWriteOnce]\n  resources: {{requests: {{storage: 1Mi}}}}\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {{name: {pod}-secret}}\ndata: {{key: aHVudGVyMg==}}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {{name: {pod}, labels: {{{key}: {value}}}}}\nspec:\n  \
           containers:\n  - name: main\n    image: {image}\n    command: [sleep, '600']\n    \
             volumeMounts: [{{name: data, mountPath: /data}}]\n  \
           terminationGracePeriodSeconds: 0\n  \
           volumes: [{{name: data, persistentVolumeClaim: {{claimName: {pod}-data}}}}]\n"
    )
    .into_bytes()
}

async fn generate(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("gen"), t.name("nobody"));
    helper::container(t, &name, json!({})).await?;
    let names = vec![name.clone()];
    let text = t.call(&KubeGenerate::new(names.clone()).with_service(true)).await?;
    holds!(text.contains("kind: Pod") && text.contains("kind: Service") && text.contains(&name), "{text}");
    holds!(t.call(&GenerateKube::new(names)).await?.contains("kind: Pod"));
    t.refused(&KubeGenerate::new(vec![nobody.clone()]), 500).await?;
    t.refused(&GenerateKube::new(vec![nobody]), 500).await?;
    helper::remove(t, &name).await
}

async fn play(t: &mut Tour) -> TestResult {
    let pod = t.name("p");
    let yaml = yaml(t, &pod);
    let mut play = KubePlay::new().with_network(vec!["podman".to_owned()]);
    if t.version() >= (4, 5) {
        play = play
            .with_replace(true)
            .with_service_container(true)
            .with_annotations(JsonQuery(BTreeMap::from([("a".to_owned(), "b".to_owned())])));
    }
    let report = t.upload(&play, yaml.clone()).await;
    // What is left of a failure is taken down, too.
    let down = t.upload(&KubeDown::new().with_force(true), yaml.clone()).await;
    let (report, down) = (report?, down?);
    same!((report.pods.len(), report.pods[0].containers.len()), (1, 1), "{report:?}");
    same!(report.volumes[0].name, format!("{pod}-data"));
    holds!(!report.secrets[0].create_report.id.is_empty());
    same!(!report.service_container_id.is_empty(), t.version() >= (4, 5), "{report:?}");

    same!((&down.stop_report[0].id, &down.rm_report[0].id), (&report.pods[0].id, &report.pods[0].id));
    if t.version() >= (4, 5) {
        same!(down.volume_rm_report[0].id, format!("{pod}-data"));
        same!(down.secret_rm_report.len(), 1, "{down:?}");
    } else {
        let client = t.client();
        client.send(&VolumeRemove::new(format!("{pod}-data"))).await?;
        client.send(&libpod_api::secrets::SecretRemove::new(format!("{pod}-secret"))).await?;
    }
    t.upload_refused(&KubePlay::new(), WRONG.to_vec(), 500).await?;
    t.upload_refused(&KubeDown::new(), WRONG.to_vec(), 500).await?;
    Ok(())
}

/// A pod with a container that sleeps, and nothing else.
fn plain(t: &Tour, pod: &str) -> Vec<u8> {
    let image = t.image();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {pod}}}\nspec:\n  containers:\n  \
         - {{name: main, image: {image}, command: [sleep, '600']}}\n"
    )
    .into_bytes()
}

async fn older_paths(t: &mut Tour) -> TestResult {
    let pod = t.name("old");
    let yaml = plain(t, &pod);
    let play = PlayKube::new().with_start(false).with_network(vec!["podman".to_owned()]);
    let report = t.upload(&play, yaml.clone()).await;
    let down = t.upload(&PlayKubeDown::new(), yaml).await;
    same!(report?.pods.len(), 1);
    same!(down?.rm_report.len(), 1);
    t.upload_refused(&PlayKube::new(), WRONG.to_vec(), 500).await?;
    t.upload_refused(&PlayKubeDown::new(), WRONG.to_vec(), 500).await?;
    Ok(())
}

async fn archive(t: &mut Tour) -> TestResult {
    if t.version() < (5, 3) {
        return Ok(());
    }
    let pod = t.name("tar");
    let yaml = yaml(t, &pod);
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(yaml.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, "play.yaml", &*yaml)?;
    let play = KubePlayTar::new().with_start(false).with_network(vec!["podman".to_owned()]);
    let report = t.upload(&play, builder.into_inner()?).await;
    t.upload(&KubeDown::new().with_force(true), yaml).await?;
    same!(report?.pods.len(), 1);
    // An archive without the file.
    t.upload_refused(&KubePlayTar::new(), vec![0; 1024], 500).await?;
    Ok(())
}

/// Applied to something that says yes as a Kubernetes cluster does: a web server in a container, whose configuration
/// is a file that the engine finds in a volume.
async fn apply(t: &mut Tour) -> TestResult {
    if t.version() < (4, 5) {
        return Ok(());
    }
    let (name, volume) = (t.name("cluster"), t.name("cluster-config"));
    let yaml = plain(t, &t.name("apply"));
    // Of this process and engine: the container is on the engine's own network.
    let port = 20_000 + (std::process::id() * 16 + t.version().1) % 20_000;
    let script = format!(
        "mkdir -p /www/cgi-bin; printf '#!/bin/sh\\ncat >> /tmp/applied\\nprintf \"Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n\"' \
           > /www/cgi-bin/cluster; chmod +x /www/cgi-bin/cluster; httpd -p 127.0.0.1:{port} -h /www; \
         printf 'clusters: [{{cluster: {{server: \"http://127.0.0.1:{port}/cgi-bin/cluster\"}}}}]\\nusers: [{{user: {{}}}}]\\n' \
           > /config/kubeconfig; echo ready; sleep 600"
    );
    t.finally(VolumeRemove::new(&volume).with_force(true).with_timeout(0_u32));
    let beside = json!({
        "command": ["sh", "-c", script],
        "netns": {"nsmode": "host"},
        "volumes": [{"Name": volume, "Dest": "/config"}],
    });
    helper::container(t, &name, beside).await?;
    helper::start_and_hear(t, &name).await?;
    let config = t.client().send(&VolumeInspect::new(&volume)).await?.mountpoint + "/kubeconfig";
    let answer =
        t.upload(&KubeApply::new().with_kubeconfig(config).with_namespace("shop"), yaml.clone()).await?;
    holds!(!answer.is_empty());
    t.upload_refused(&KubeApply::new().with_kubeconfig("/no/such/file"), yaml, 500).await?;
    helper::remove(t, &name).await
}
