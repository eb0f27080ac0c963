//! Lists find exactly what is asked for.

use super::stage::{Check, Stage};
use crate::{ContainerFilter, NetworkFilter, VolumeFilter};

cases! {
    Nothing {
        filter_labels_are_exact, filter_several_labels, filter_names_are_exact, filter_running_only, filter_networks_by_exact_name,
        filter_volumes_by_exact_name, names_are_no_patterns, names_are_no_paths,
    }
}

async fn names(stage: &Stage, filter: &ContainerFilter) -> Check<Vec<String>> {
    let mut names: Vec<String> =
        stage.runtime.list_containers(filter).await?.into_iter().map(|c| c.name).collect();
    names.sort();
    Ok(names)
}

async fn filter_labels_are_exact(stage: &Stage) -> Check {
    let key = format!("{}.key", stage.prefix);
    stage.create(&stage.idle_spec("a").with_label(&key, "one")).await?;
    stage.create(&stage.idle_spec("b").with_label(&key, "one two")).await?;
    stage.create(&stage.idle_spec("c").with_label(&key, "")).await?;
    stage.create(&stage.idle_spec("d").with_label(format!("{key}.more"), "one")).await?;
    let all = ContainerFilter::all;
    ensure_eq!(names(stage, &all().with_label(&key, "one")).await?, [stage.name("a")]);
    ensure_eq!(names(stage, &all().with_label(&key, "one two")).await?, [stage.name("b")]);
    ensure_eq!(names(stage, &all().with_label(&key, "none")).await?, Vec::<String>::new());
    ensure_eq!(
        names(stage, &all().with_label_key(&key)).await?,
        [stage.name("a"), stage.name("b"), stage.name("c")]
    );
    Ok(())
}

async fn filter_several_labels(stage: &Stage) -> Check {
    let label = |n: u8| format!("{}.{n}", stage.prefix);
    stage.create(&stage.idle_spec("a").with_label(label(1), "x").with_label(label(2), "y")).await?;
    stage.create(&stage.idle_spec("b").with_label(label(1), "x")).await?;
    let both = ContainerFilter::all().with_label(&label(1), "x").with_label(&label(2), "y");
    ensure_eq!(names(stage, &both).await?, [stage.name("a")], "all labels have to be there");
    Ok(())
}

async fn filter_names_are_exact(stage: &Stage) -> Check {
    for suffix in ["web", "web1", "web_1", "web.1", "a-web"] {
        stage.create(&stage.idle_spec(suffix)).await?;
    }
    for suffix in ["web", "web_1", "web.1"] {
        let filter = ContainerFilter::all().with_name(stage.name(suffix));
        ensure_eq!(names(stage, &filter).await?, [stage.name(suffix)]);
    }
    let two = ContainerFilter::all().with_name(stage.name("web")).with_name(stage.name("web1"));
    ensure_eq!(names(stage, &two).await?, [stage.name("web"), stage.name("web1")], "one of two names");
    let none = ContainerFilter::all().with_name(stage.name("we"));
    ensure_eq!(names(stage, &none).await?, Vec::<String>::new());
    Ok(())
}

async fn filter_running_only(stage: &Stage) -> Check {
    let key = format!("{}.key", stage.prefix);
    stage.create(&stage.idle_spec("created").with_label(&key, "x")).await?;
    stage.start(&stage.idle_spec("running").with_label(&key, "x")).await?;
    let id = stage.start(&stage.script("exited", "exit 0").with_label(&key, "x")).await?;
    stage.runtime.wait_container(&id, Default::default()).await?;
    let running = ContainerFilter::default().with_label(&key, "x");
    // Docker's list lags a moment behind an exit.
    stage
        .until("only the running one is listed", || async {
            Ok(names(stage, &running).await? == [stage.name("running")])
        })
        .await?;
    let all = ContainerFilter::all().with_label(&key, "x");
    ensure_eq!(names(stage, &all).await?.len(), 3);
    Ok(())
}

async fn filter_networks_by_exact_name(stage: &Stage) -> Check {
    for suffix in ["net", "net1", "net_1"] {
        stage.network(suffix).await?;
    }
    let list = stage.runtime.list_networks(&NetworkFilter::default().with_name(stage.name("net"))).await?;
    ensure_eq!(list.into_iter().map(|n| n.name).collect::<Vec<_>>(), [stage.name("net")]);
    Ok(())
}

async fn filter_volumes_by_exact_name(stage: &Stage) -> Check {
    for suffix in ["vol", "vol1", "vol_1"] {
        stage.runtime.create_volume(&stage.volume_spec(suffix)).await?;
    }
    let list = stage.runtime.list_volumes(&VolumeFilter::default().with_name(stage.name("vol"))).await?;
    ensure_eq!(list.into_iter().map(|v| v.name).collect::<Vec<_>>(), [stage.name("vol")]);
    Ok(())
}

async fn names_are_no_patterns(stage: &Stage) -> Check {
    stage.create(&stage.idle_spec("aXb")).await?;
    for wrong in ["a_b", "a%b", "a.b", "a*b", "a?b", "aX"] {
        let found = stage.runtime.inspect_container(&stage.name(wrong)).await;
        ensure!(found.is_err(), "{} found {:?}", stage.name(wrong), found.map(|c| c.name));
        ensure_error!(found, NotFound | InvalidRequest);
    }
    // A pattern that matches the beginning of its id as well.
    ensure_error!(stage.runtime.inspect_container("%").await, NotFound | InvalidRequest);
    ensure_error!(
        stage.runtime.stop_container(&stage.name("a_b"), &Default::default()).await,
        NotFound | InvalidRequest
    );
    Ok(())
}

async fn names_are_no_paths(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c")).await?;
    for wrong in [format!("{id}/../{id}"), format!("{id}?x=y"), format!("{id}#x"), String::from("../info")] {
        ensure_error!(stage.runtime.inspect_container(&wrong).await, NotFound | InvalidRequest);
    }
    Ok(())
}
