//! The engine itself.

use http_endpoint::Filters;
use libpod_api::containers::ContainerExists;
use libpod_api::networks::{Network, NetworkCreate, NetworkExists, NetworkRemove};
use libpod_api::system::{
    Ping, PingHead, PingReport, Swagger, SystemCheck, SystemDf, SystemInfo, SystemPrune, SystemVersion,
};
use serde_json::json;
use sock_transport::Error;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    const NEVER: &str = "it has no parameters, and fails only where the engine itself does";
    t.excuse_error::<Ping>(NEVER);
    t.excuse_error::<PingHead>(NEVER);
    t.excuse_error::<SystemInfo>(NEVER);
    t.excuse_error::<SystemVersion>(NEVER);
    t.excuse_error::<SystemDf>(NEVER);

    versions(t).await?;
    swagger(t).await?;
    usage(t).await?;
    prune(t).await?;
    check(t).await
}

async fn versions(t: &mut Tour) -> TestResult {
    same!(t.call(&Ping::new()).await?, "OK");
    t.call(&PingHead::new()).await?;
    let answer = t.client().send_response(&PingHead::new()).await?;
    let ping = PingReport::from_lookup(|name| answer.header(name));
    holds!(ping.is_podman() && ping.experimental, "{ping:?}");
    holds!(ping.server.starts_with("Libpod/"), "{ping:?}");

    let info = t.call(&SystemInfo::new()).await?;
    same!(info.version.version, ping.libpod_api_version);
    same!(info.host.os, "linux");
    holds!(info.host.mem_total > 0 && info.store.graph_root_allocated > 0);
    holds!(info.plugins.volume.iter().any(|driver| driver == "local"));
    holds!(!info.host.security.rootless, "the bed's engines run as root");

    let version = t.call(&SystemVersion::new()).await?;
    same!((&version.version, &version.api_version), (&ping.libpod_api_version, &ping.api_version));
    let engine = version.components.iter().find(|part| part.name == "Podman Engine").ok_or("no engine")?;
    same!(engine.details["APIVersion"], ping.libpod_api_version);
    Ok(())
}

/// No package of the bed's engines has the file that is served: a container puts one there for a moment.
async fn swagger(t: &mut Tour) -> TestResult {
    t.refused(&Swagger::new(), 500).await?;
    let beside = json!({
        "mounts": [{"type": "bind", "source": "/usr/share/containers", "destination": "/mnt"}],
    });
    let (writer, cleaner) = (t.name("swagger"), t.name("no-swagger"));
    helper::script(
        t,
        &writer,
        "mkdir /mnt/podman && echo 'swagger: \"2.0\"' > /mnt/podman/swagger.yaml",
        beside.clone(),
    )
    .await?;
    let text = t.call(&Swagger::new()).await;
    helper::script(t, &cleaner, "rm -r /mnt/podman", beside).await?;
    same!(text?.trim_end(), "swagger: \"2.0\"");
    Ok(())
}

async fn usage(t: &mut Tour) -> TestResult {
    let (container, volume) = (t.name("df"), t.name("df-data"));
    let id = helper::container(
        t,
        &container,
        json!({"command": ["sh", "-c", "echo hello > /data/file; sleep 600"],
               "volumes": [{"Name": volume, "Dest": "/data"}]}),
    )
    .await?;
    t.finally(libpod_api::volumes::VolumeRemove::new(&volume).with_force(true));
    helper::start(t, &container).await?;
    let report = helper::among_others(t, &SystemDf::new()).await?;
    let found = report.containers.iter().find(|one| one.container_id == id).ok_or("no container in df")?;
    same!((found.names.as_str(), found.local_volumes), (container.as_str(), 1));
    let found = report.volumes.iter().find(|one| one.volume_name == volume).ok_or("no volume in df")?;
    same!(found.links, 1);
    holds!(report.images.iter().any(|image| image.repository.ends_with("/busybox") && image.size > 0));
    helper::remove(t, &container).await
}

async fn prune(t: &mut Tour) -> TestResult {
    let (key, value) = t.label();
    let mine = Filters::new().with("label", format!("{key}={value}"));
    let name = t.name("pruned");
    let id = helper::container(t, &name, json!({})).await?;
    let network = t.name("pruned-net");
    let create = Network::new()
        .with_name(network.clone())
        .with_labels([(key, value)].into_iter().collect::<std::collections::BTreeMap<_, _>>());
    t.client().send(&NetworkCreate::new(create)).await?;
    t.finally(NetworkRemove::new(&network));

    // Not what the report says: where Podman failed on the way, it has removed them already.
    helper::among_others(t, &SystemPrune::new().with_filters(mine.clone())).await?;
    let client = t.client();
    let gone = client.send(&ContainerExists::new(&id)).await;
    holds!(gone.as_ref().is_err_and(Error::is_not_found), "{gone:?}");
    let gone = client.send(&NetworkExists::new(&network)).await;
    holds!(gone.as_ref().is_err_and(Error::is_not_found), "{gone:?}");
    t.refused(&SystemPrune::new().with_filters(mine.with("no-such-filter", "x")), 500).await?;
    Ok(())
}

async fn check(t: &mut Tour) -> TestResult {
    if t.version() < (5, 2) {
        return Ok(());
    }
    // It only looks.
    t.call(&SystemCheck::new().with_quick(true)).await?;
    t.refused(&SystemCheck::new().with_quick(true).with_unreferenced_layer_max_age("soon"), 400).await?;
    Ok(())
}
