use super::*;
use crate::request::RemoveImages;

fn chain() -> Project {
    let web = after(with_volume(service("web"), "data"), "api", Condition::ServiceStarted);
    let api = after(service("api"), "db", Condition::ServiceStarted);
    let mut project = project([web, api, service("db")]);
    project.volumes.insert("data".into(), volume("app_data"));
    project
}

fn down(project: &Project, observed: &ObservedProject, request: &DownRequest) -> Plan {
    plan_down(&DownInput { project, observed, request }).unwrap()
}

#[test]
fn dependents_stop_first_and_everything_goes() {
    let project = chain();
    let observed = settled(&project);
    let kept = down(&project, &observed, &DownRequest::default());
    assert!(!kept.to_string().contains("volume"), "{kept}");
    insta::assert_snapshot!(shown(&down(&project, &observed, &DownRequest::default().with_volumes(true))));
}

#[test]
fn a_stopped_service_between_two_does_not_break_the_order() {
    let project = chain();
    let mut observed = settled(&project);
    change(&mut observed, "app-api-1", exited(0));
    let plan = plan_stop(&project, &observed, &[]).unwrap();
    assert_eq!(
        plan.to_string(),
        "1  stop container app-web-1  # it is to be stopped\n\
         2  stop container app-db-1  [after 1]  # it is to be stopped\n"
    );
}

#[test]
fn orphans_stay_unless_asked_for_and_external_volumes_always() {
    let mut with_old = chain();
    with_old.services.insert("old".into(), service("old"));
    let observed = settled(&with_old);
    let mut project = chain();
    project.volumes["data"].external = true;
    let kept = shown(&down(&project, &observed, &DownRequest::default().with_volumes(true)));
    assert!(!kept.contains("container app-old-1  #") && kept.contains("warning:"), "{kept}");
    assert!(!kept.contains("volume app_data"), "{kept}");
    let all = down(&project, &observed, &DownRequest::default().with_remove_orphans(true)).to_string();
    assert!(all.contains("remove container app-old-1"), "{all}");
}

#[test]
fn images_go_after_containers() {
    let mut project = chain();
    project.services["web"].build = Some(Box::default());
    project.services["web"].image = None;
    let observed = ObservedProject::default();
    let local = down(&project, &observed, &DownRequest::default().with_images(RemoveImages::Local));
    assert_eq!(local.to_string(), "1  remove image app-web  # images were asked for\n");
    let all = down(&project, &observed, &DownRequest::default().with_images(RemoveImages::All));
    assert_eq!(all.len(), 2, "{all}");
}

#[test]
fn a_namespace_child_goes_before_its_parent() {
    let mut proxy = service("proxy");
    proxy.networks.clear();
    proxy.network_mode = Some(compose_file::model::Namespace::Service("web".into()));
    proxy.depends_on.insert("web".into(), Dependency::default());
    let project = project([service("web"), proxy]);
    let plan = down(&project, &settled(&project), &DownRequest::default());
    let steps = plan.steps();
    let at = |text: &str| steps.iter().position(|(step, _)| step.action.to_string() == text).unwrap();
    let (child, parent) = (at("remove container app-proxy-1"), at("remove container app-web-1"));
    assert!(steps[parent].1.contains(&child), "{plan}");
}

#[test]
fn nothing_there_is_nothing_to_do() {
    assert!(down(&chain(), &ObservedProject::default(), &DownRequest::default()).is_empty());
}
