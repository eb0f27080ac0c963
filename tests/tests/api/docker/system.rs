//! The engine itself.

use docker_api::AuthConfig;
use docker_api::system::{
    EventType, Events, GetVersion, Info, LocalNodeState, Ping, PingHead, PingHeaders, SystemAuth,
    SystemDataUsage,
};
use docker_api::volumes::{VolumeCreate, VolumeCreateConfig, VolumeDelete};
use wharf_tests::harness::TestResult;

use super::helper::{holds, labels, mine, same, sleeper};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    same!(t.call(&Ping::new()).await?, "OK");
    t.call(&PingHead::new()).await?;
    let answer = t.client().send_response(&PingHead::new()).await?;
    let headers = PingHeaders::read(|name| answer.header(name));
    holds!(headers.api_version.is_some() && !headers.is_podman() && headers.engine_version().is_some());
    same!((headers.os_type.as_deref(), headers.swarm.as_deref()), (Some("linux"), Some("inactive")));
    let version = t.call(&GetVersion::new()).await?;
    same!(headers.engine_version(), Some(version.version.as_str()));
    holds!(
        version.components.iter().any(|part| part.name == "Engine" && part.details.contains_key("GitCommit"))
    );
    let reason = "it is refused for its version alone, which the client chooses";
    t.excuse_error::<Ping>(reason);
    t.excuse_error::<PingHead>(reason);
    t.excuse_error::<GetVersion>(reason);
    t.excuse_error::<Info>(reason);

    let info = t.call(&Info::new()).await?;
    same!(info.server_version, version.version);
    same!(info.swarm.local_node_state, LocalNodeState::Inactive);
    holds!(info.runtimes.contains_key("runc") && info.cpus > 0 && info.memory > 1 << 20);
    holds!(info.registry_config.is_some_and(|config| config.index_configs.contains_key("docker.io")));

    let container = t.name("c");
    let id = sleeper(t, &container).await?;
    let volume = t.name("v");
    t.finally(VolumeDelete::new(&volume).with_force(true));
    t.call(&VolumeCreate::new(VolumeCreateConfig::new().with_name(&*volume).with_labels(labels(t)))).await?;
    let usage = t.call(&SystemDataUsage::new()).await?;
    holds!(usage.layers_size > 0 && !usage.images.is_empty());
    holds!(usage.containers.iter().any(|one| one.id == id && one.size_root_fs.is_some()));
    holds!(usage.volumes.iter().any(|one| one.name == volume && one.usage_data.is_some()));
    let some = t.call(&SystemDataUsage::new().with_kind(vec!["volume".to_owned()])).await?;
    holds!(some.images.is_empty() && !some.volumes.is_empty());
    t.refused(&SystemDataUsage::new().with_kind(vec!["no-such-kind".to_owned()]), 400).await?;

    let events = Events::new().with_since("0").with_filters(mine(t));
    let events = t.items(&events, 2).await?;
    same!(events.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(), ["create", "start"]);
    same!(
        (&events[0].kind, events[0].actor.id.as_str(), events[0].scope.as_str()),
        (&EventType::Container, &*id, "local")
    );
    holds!(events[0].time_nano > 0 && events[0].actor.attributes["name"] == container);
    // What others did of late, for its fields.
    t.items(&Events::new().with_since("0").with_until("1"), 100).await?;
    t.refused(&Events::new().with_since("no time"), 500).await?;
    t.refused(&Events::new().with_since("2").with_until("1"), 400).await?;

    let registry = t.registry().ok_or("WHARF_TEST_REGISTRY is not set")?;
    let auth = AuthConfig::new().with_username("ann").with_password("hunter2");
    let answer =
        t.call(&SystemAuth::new(auth.clone().with_server_address(&*format!("http://{registry}")))).await?;
    same!(answer.status, "Login Succeeded");
    t.refused(&SystemAuth::new(auth.with_server_address("http://127.0.0.1:9")), 500).await?;
    Ok(())
}
