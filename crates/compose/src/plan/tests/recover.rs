//! What a killed command leaves, and how the next one goes on.

use super::*;

fn up() -> UpRequest {
    UpRequest::default()
}

/// `web` is running with the old colour; the file has the new one.
fn half_way() -> (Project, ObservedProject, ContainerSummary) {
    let old = project([with_env(service("web"), "COLOR", "red")]);
    let mut observed = settled(&old);
    let new = project([with_env(service("web"), "COLOR", "blue")]);
    let mut replacement = settled(&new).containers[0].summary.clone();
    let short: String = observed.containers[0].summary.id.chars().take(12).collect();
    replacement.id = "f".repeat(64);
    replacement.name = format!("{short}_app-web-1");
    replacement.status = ContainerStatus::Created;
    replacement.labels.insert(crate::labels::REPLACE.into(), "app-web-1".into());
    observed.containers.push(Observed::new(replacement.clone()));
    (new, observed, replacement)
}

#[test]
fn a_replacement_beside_its_predecessor_is_thrown_away_and_made_again() {
    let (project, observed, _) = half_way();
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_replacement_whose_predecessor_is_gone_gets_its_name_and_is_started() {
    let (project, mut observed, _) = half_way();
    observed.containers.remove(0);
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_replacement_that_is_out_of_date_itself_is_replaced() {
    let (_, mut observed, _) = half_way();
    observed.containers.remove(0);
    let project = project([with_env(service("web"), "COLOR", "green")]);
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("create container app-web-1  # changed: environment.COLOR"), "{plan}");
    assert!(
        plan.contains("remove container 00000app-web_app-web-1") || plan.contains("_app-web-1"),
        "{plan}"
    );
}

#[test]
fn what_was_created_and_not_started_is_started() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", |summary| summary.status = ContainerStatus::Created);
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert_eq!(plan, "1  start container app-web-1  # it is created\n");
}

#[test]
fn paused_is_resumed_and_dead_is_replaced() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", |summary| summary.status = ContainerStatus::Paused);
    let paused = plan(&project, &observed, &up()).unwrap().to_string();
    assert_eq!(paused, "1  unpause container app-web-1  # it is paused\n");
    change(&mut observed, "app-web-1", |summary| summary.status = ContainerStatus::Dead);
    let dead = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(dead.contains("# it is dead"), "{dead}");
}

#[test]
fn two_containers_with_one_number_become_one() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    let mut other = observed.containers[0].summary.clone();
    other.name = "stray".into();
    other.id = "e".repeat(64);
    observed.containers.push(Observed::new(other));
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("remove container stray") && !plan.contains("app-web-1"), "{plan}");
}

#[test]
fn a_namespace_parent_that_was_replaced_by_a_killed_command_is_noticed() {
    let mut proxy = service("proxy");
    proxy.networks.clear();
    proxy.network_mode = Some(compose_file::model::Namespace::Service("web".into()));
    let project = project([service("web"), proxy]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", |summary| summary.id = "d".repeat(64));
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("service web, whose namespace it shares, has another container"), "{plan}");
    assert!(!plan.contains("container app-web-1"), "{plan}");
}
