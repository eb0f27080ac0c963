//! Creating containers, and what inspect and list tell of them.

use super::stage::{Check, Stage};
use crate::{ContainerFilter, ContainerStatus, PortBinding, Protocol};

cases! {
    Nothing {
        create_reads_back,
        create_is_listed_in_full,
        create_name_is_taken,
        create_of_missing_image,
        create_without_a_name,
        create_on_missing_network,
        create_ports_read_back,
        create_finds_by_id_part_and_name,
    }
    Processes { create_with_a_wrong_value }
}

async fn create_reads_back(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c").with_label("a.b/c", "x=y z").with_label("empty", "");
    spec.env = spec.env.with("NAME", "value=1");
    spec.working_dir = Some("/tmp".into());
    spec.user = Some("1000:1000".into());
    spec.stdin_open = true;
    let id = stage.create(&spec).await?;
    ensure_eq!(id.len(), 64, "a full id");
    let info = stage.runtime.inspect_container(&id).await?;
    ensure_eq!(info.id, id);
    ensure_eq!(info.name, spec.name);
    ensure_eq!(info.state.status, ContainerStatus::Created);
    ensure_eq!(info.state.pid, 0);
    ensure_eq!(info.state.started_at, None);
    ensure_eq!(info.labels.get("a.b/c").map(String::as_str), Some("x=y z"));
    ensure_eq!(info.labels.get("empty").map(String::as_str), Some(""));
    ensure_eq!(info.env.get("NAME"), Some(Some("value=1")));
    ensure_eq!(info.working_dir, "/tmp");
    ensure_eq!(info.user, "1000:1000");
    ensure_eq!(info.command, ["sleep", "600"]);
    ensure!(info.stdin_open && !info.tty, "stdin {} and terminal {}", info.stdin_open, info.tty);
    let image = stage.runtime.inspect_image(&stage.image).await?;
    ensure_eq!(info.image_id, image.id);
    ensure_eq!(info.image, stage.image);
    ensure!(!format!("{info:?}").contains("value=1"), "the environment is in the debug output");
    Ok(())
}

async fn create_is_listed_in_full(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c").with_label("l", "v")).await?;
    let filter = ContainerFilter::all().with_name(stage.name("c"));
    let find = || async {
        let mut list = stage.runtime.list_containers(&filter).await?;
        ensure_eq!(list.len(), 1, "containers of that name");
        Ok::<_, super::stage::Failure>(list.remove(0))
    };
    let created = find().await?;
    ensure_eq!(created.id, id);
    ensure_eq!(created.name, stage.name("c"));
    ensure_eq!(created.image, stage.image);
    let image = stage.runtime.inspect_image(&stage.image).await?;
    ensure_eq!(created.image_id, image.id);
    ensure_eq!(created.status, ContainerStatus::Created);
    ensure!(created.command.contains("sleep"), "the command is {:?}", created.command);
    ensure_eq!(created.labels.get("l").map(String::as_str), Some("v"));
    ensure!(created.created > 1_700_000_000, "created at {}", created.created);
    ensure_eq!(created.networks.len(), 1, "networks: {:?}", created.networks);
    stage.runtime.start_container(&id).await?;
    let running = find().await?;
    ensure_eq!(running.status, ContainerStatus::Running);
    ensure!(running.status_text.starts_with("Up"), "in words: {:?}", running.status_text);
    Ok(())
}

async fn create_name_is_taken(stage: &Stage) -> Check {
    let spec = stage.idle_spec("c");
    let id = stage.create(&spec).await?;
    let error = ensure_error!(stage.runtime.create_container(&spec).await, Conflict);
    ensure_eq!(error.subject(), Some(spec.name.as_str()), "the error's subject");
    ensure_eq!(stage.runtime.inspect_container(&spec.name).await?.id, id);
    Ok(())
}

async fn create_of_missing_image(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c");
    spec.image = format!("localhost/{}-none:latest", stage.prefix);
    ensure_error!(stage.runtime.create_container(&spec).await, NotFound);
    ensure_error!(stage.runtime.inspect_container(&spec.name).await, NotFound);
    Ok(())
}

async fn create_without_a_name(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("unused");
    spec.name.clear();
    let id = stage.create(&spec).await?;
    let info = stage.runtime.inspect_container(&id).await?;
    ensure!(!info.name.is_empty() && !info.name.starts_with('/'), "its name is {:?}", info.name);
    Ok(())
}

async fn create_on_missing_network(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c").with_network(stage.name("none"), Default::default());
    spec.name = stage.name("c");
    // Docker looks for the network at the start, Podman at the creation.
    let refused = match stage.runtime.create_container(&spec).await {
        Err(error) => Err(error),
        Ok(id) => stage.runtime.start_container(&id).await,
    };
    ensure_error!(refused, NotFound);
    Ok(())
}

async fn create_ports_read_back(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c");
    let mut local = PortBinding::new(80, Protocol::Tcp);
    local.host_ip = Some("127.0.0.1".into());
    spec.ports = vec![local, PortBinding::new(53, Protocol::Udp)];
    let id = stage.start(&spec).await?;
    let ports = stage.runtime.inspect_container(&id).await?.ports;
    let find = |port: u16, protocol| {
        ports.iter().find(|p| p.container_port == port && p.protocol == protocol && p.host_port.is_some())
    };
    let Some(tcp) = find(80, Protocol::Tcp) else { fail!("port 80 is not published: {ports:?}") };
    ensure_eq!(tcp.host_ip.as_deref(), Some("127.0.0.1"));
    ensure!(tcp.host_port > Some(1023), "the engine chose {:?}", tcp.host_port);
    ensure!(find(53, Protocol::Udp).is_some(), "port 53 is not published: {ports:?}");
    let list = stage.runtime.list_containers(&ContainerFilter::all().with_name(&spec.name)).await?;
    let listed = list.iter().flat_map(|c| &c.ports).any(|p| p.host_port == tcp.host_port);
    ensure!(listed, "the list has other ports: {list:?}");
    Ok(())
}

async fn create_finds_by_id_part_and_name(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c")).await?;
    for wanted in [&id, &id[..12], &stage.name("c")] {
        ensure_eq!(stage.runtime.inspect_container(wanted).await?.id, id, "found by {wanted}");
    }
    Ok(())
}

async fn create_with_a_wrong_value(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c");
    spec.name = format!("{}/ not a name", stage.prefix);
    ensure_error!(stage.runtime.create_container(&spec).await, InvalidRequest);
    let mut spec = stage.idle_spec("d");
    spec.resources.memory = Some(1);
    // The least that an engine or its kernel takes is more; some see it only at the start.
    let refused = match stage.runtime.create_container(&spec).await {
        Err(error) => Err(error),
        Ok(id) => stage.runtime.start_container(&id).await,
    };
    ensure!(refused.is_err(), "a byte of memory was enough");
    Ok(())
}
