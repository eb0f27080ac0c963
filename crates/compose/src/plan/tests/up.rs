use compose_file::model::{Namespace, PullPolicy};

use super::*;
use crate::request::{PullMode, Recreate};

fn up() -> UpRequest {
    UpRequest::default()
}

/// `web` needs a healthy `db` and a `job` that has ended.
fn shop() -> Project {
    let web = after(service("web"), "db", Condition::ServiceHealthy);
    let web = after(web, "job", Condition::ServiceCompletedSuccessfully);
    let job = after(service("job"), "db", Condition::ServiceHealthy);
    let mut project = project([web, with_check(with_volume(service("db"), "data")), job]);
    project.volumes.insert("data".into(), volume("app_data"));
    project
}

fn shop_is_up() -> (Project, ObservedProject) {
    let project = shop();
    let mut observed = settled(&project);
    change(&mut observed, "app-job-1", exited(0));
    (project, observed)
}

#[test]
fn the_first_up_creates_and_gates() {
    insta::assert_snapshot!(shown(&plan(&shop(), &empty(), &up()).unwrap()));
}

#[test]
fn the_second_up_does_nothing() {
    let (project, observed) = shop_is_up();
    let plan = plan(&project, &observed, &up()).unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(plan.unchanged().len(), 3);
    assert_eq!(plan.to_string(), "nothing to do\n");
}

#[test]
fn a_changed_variable_recreates_that_service_and_runs_its_job_again() {
    let (mut project, observed) = shop_is_up();
    let web = with_env(project.services["web"].clone(), "COLOR", "blue");
    project.services.insert("web".into(), web);
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_job_that_ended_well_runs_again_when_it_is_named_and_one_that_failed_always() {
    let (project, mut observed) = shop_is_up();
    let named = plan(&project, &observed, &up().with_services(["job"])).unwrap().to_string();
    assert!(named.contains("start container app-job-1") && named.contains("it was named"), "{named}");
    change(&mut observed, "app-job-1", exited(3));
    let failed = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(failed.contains("# it ended with 3"), "{failed}");
}

#[test]
fn scaling_up_counts_on_and_scaling_down_takes_the_highest() {
    let mut web = service("web");
    web.scale = Some(2);
    let project = project([web]);
    let observed = settled(&project);
    let more = plan(&project, &observed, &up().with_scale("web", 4)).unwrap();
    let less = plan(&project, &observed, &up().with_scale("web", 1)).unwrap();
    let none = plan(&project, &observed, &up().with_scale("web", 0)).unwrap();
    insta::assert_snapshot!(format!("{more}---\n{less}---\n{none}"));
}

#[test]
fn out_of_date_containers_go_first_when_scaling_down() {
    let mut web = service("web");
    web.scale = Some(2);
    let project = project([web]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", |summary| {
        summary.labels.insert(crate::labels::CONFIG_HASH.into(), "w1-old".into());
    });
    let plan = plan(&project, &observed, &up().with_scale("web", 1)).unwrap().to_string();
    assert!(plan.contains("remove container app-web-1") && !plan.contains("app-web-2"), "{plan}");
}

#[test]
fn orphans_are_told_of_or_removed() {
    let old = project([service("web"), service("old")]);
    let observed = settled(&old);
    let project = project([service("web")]);
    let kept = plan(&project, &observed, &up()).unwrap();
    let removed = plan(&project, &observed, &up().with_remove_orphans(true)).unwrap();
    insta::assert_snapshot!(format!("{}---\n{}", shown(&kept), shown(&removed)));
}

#[test]
fn a_network_that_was_removed_is_made_again_with_its_containers() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    observed.networks.clear();
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("create network app_default"), "{plan}");
    assert!(plan.contains("it is not attached to network app_default"), "{plan}");
}

#[test]
fn a_network_that_changed_is_made_anew_between_the_old_and_the_new_containers() {
    let mut web = service("web");
    web.depends_on.insert("db".into(), Dependency { restart: true, ..Dependency::default() });
    let mut project = project([service("db"), web]);
    let observed = settled(&project);
    project.networks["default"].internal = true;
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_network_with_others_on_it_is_kept() {
    let mut project = project([service("db"), service("web")]);
    let observed = settled(&project);
    project.networks["default"].internal = true;
    let plan = plan(&project, &observed, &up().with_services(["web"])).unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert!(shown(&plan).contains("it differs from the file (internal) and is kept"), "{}", shown(&plan));
}

#[test]
fn dependents_with_restart_are_stopped_before_and_started_after() {
    let mut web = with_check(service("web"));
    web.depends_on.insert("db".into(), Dependency { restart: true, ..Dependency::default() });
    let edge = after(service("edge"), "web", Condition::ServiceHealthy);
    let mut project = project([service("db"), web, edge]);
    let observed = settled(&project);
    let db = with_env(project.services["db"].clone(), "A", "1");
    project.services.insert("db".into(), db);
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_container_in_anothers_namespace_is_recreated_with_it() {
    let mut proxy = service("proxy");
    proxy.networks.clear();
    proxy.network_mode = Some(Namespace::Service("web".into()));
    proxy.depends_on.insert("web".into(), Dependency { restart: true, ..Dependency::default() });
    let mut project = project([service("web"), proxy]);
    let observed = settled(&project);
    assert!(plan(&project, &observed, &up()).unwrap().is_empty());
    let web = with_env(project.services["web"].clone(), "A", "1");
    project.services.insert("web".into(), web);
    insta::assert_snapshot!(shown(&plan(&project, &observed, &up()).unwrap()));
}

#[test]
fn a_container_in_anothers_namespace_is_restarted_with_it() {
    let mut web = service("web");
    web.depends_on.insert("db".into(), Dependency { restart: true, ..Dependency::default() });
    let mut side = service("side");
    side.networks.clear();
    side.network_mode = Some(Namespace::Service("web".into()));
    side.depends_on.insert("web".into(), Dependency { restart: true, ..Dependency::default() });
    let mut project = project([service("db"), web, side]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", exited(1));
    let crashed = plan(&project, &observed, &up()).unwrap();
    change(&mut observed, "app-web-1", |summary| summary.status = ContainerStatus::Running);
    let db = with_env(project.services["db"].clone(), "A", "1");
    project.services.insert("db".into(), db);
    let recreated = plan(&project, &observed, &up()).unwrap();
    insta::assert_snapshot!(format!("{crashed}---\n{recreated}"));
}

#[test]
fn an_image_that_may_change_makes_steps_conditional() {
    let mut web = service("web");
    web.depends_on.insert("db".into(), Dependency { restart: true, ..Dependency::default() });
    let mut db = service("db");
    db.image = Some("db".into());
    let project = project([db, web]);
    let mut observed = settled(&project);
    observed.images.insert("db".into(), image("bb-1"));
    let request = up().with_pull(PullMode::Policy);
    let plan_for = |policy| {
        let mut project = project.clone();
        project.services["db"].pull_policy = policy;
        plan(&project, &observed, &request).unwrap()
    };
    assert!(plan_for(Some(PullPolicy::Missing)).is_empty());
    insta::assert_snapshot!(shown(&plan_for(Some(PullPolicy::Always))));
}

#[test]
fn an_image_that_changed_by_itself_recreates() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    observed.images.insert("bb".into(), image("bb-2"));
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("# image bb is another one now"), "{plan}");
}

#[test]
fn images_come_once_and_by_pull_or_build_as_the_service_says() {
    let mut built = service("built");
    built.image = None;
    built.build = Some(Box::default());
    let mut both = service("both");
    both.build = Some(Box::default());
    both.pull_policy = Some(PullPolicy::Missing);
    both.image = Some("both".into());
    let project = project([service("a"), service("b"), built, both]);
    let plan = plan(&project, &ObservedProject::default(), &up()).unwrap();
    let images: Vec<String> = plan
        .steps()
        .iter()
        .map(|(step, _)| step.action.to_string())
        .filter(|s| s.contains(" image "))
        .collect();
    assert_eq!(images, ["pull image bb", "build image app-built", "pull or build image both"]);
}

#[test]
fn a_missing_image_that_may_not_be_pulled_is_an_error() {
    let project = project([service("web")]);
    let request = up().with_pull(PullMode::Never);
    let error = plan(&project, &ObservedProject::default(), &request).unwrap_err();
    assert_eq!(error.service(), Some("web"));
    assert!(error.to_string().contains("image bb is not on the engine"), "{error}");
}

#[test]
fn force_and_never_decide_over_differences() {
    let (mut project, observed) = shop_is_up();
    let forced =
        plan(&project, &observed, &up().with_recreate(Recreate::Force).with_services(["db"])).unwrap();
    assert!(forced.to_string().contains("# recreation was asked for"), "{forced}");
    let web = with_env(project.services["web"].clone(), "COLOR", "blue");
    project.services.insert("web".into(), web);
    assert!(plan(&project, &observed, &up().with_recreate(Recreate::Never)).unwrap().is_empty());
}

#[test]
fn no_deps_no_start_and_wait() {
    let project = shop();
    let alone = plan(&project, &empty(), &up().with_no_deps(true).with_services(["web"])).unwrap();
    let created = plan(&project, &empty(), &up().with_no_start(true).with_services(["web"])).unwrap();
    let (project, observed) = shop_is_up();
    let waited = plan(&project, &observed, &up().with_wait(true)).unwrap();
    insta::assert_snapshot!(format!("{alone}---\n{created}---\n{waited}"));
}

#[test]
fn what_is_off_and_not_required_is_not_waited_for() {
    let mut web = service("web");
    web.depends_on.insert("off".into(), Dependency { required: false, ..Dependency::default() });
    let mut project = project([web]);
    project.disabled.insert("off".into(), service("off"));
    let plan_text = plan(&project, &empty(), &up()).unwrap().to_string();
    assert!(!plan_text.contains("off"), "{plan_text}");
    project.services["web"].depends_on["off"].required = true;
    let error = plan(&project, &empty(), &up()).unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("depends on off"), "{error}");
}

#[test]
fn mistakes_are_told_before_anything_is_done() {
    let project = shop();
    let error = plan(&project, &empty(), &up().with_services(["wbe"])).unwrap_err();
    assert!(error.hint().unwrap().contains("web, db, job"), "{error:?}");

    let mut no_check = shop();
    no_check.services["db"].healthcheck = None;
    let error = plan(&no_check, &empty(), &up()).unwrap_err();
    assert!(error.to_string().contains("has no health check"), "{error}");

    let mut named = shop();
    named.services["web"].container_name = Some("front".into());
    let error = plan(&named, &empty(), &up().with_scale("web", 2)).unwrap_err();
    assert!(error.to_string().contains("container_name front"), "{error}");

    let mut external = shop();
    external.networks["default"].external = true;
    let error = plan(&external, &empty(), &up()).unwrap_err();
    assert!(error.to_string().contains("external network app_default does not exist"), "{error}");

    let mut circle = shop();
    circle.services["db"].depends_on.insert("web".into(), Dependency::default());
    let error = plan(&circle, &empty(), &up()).unwrap_err();
    assert!(error.to_string().contains("web -> db -> web"), "{error}");
}

#[test]
fn a_container_of_another_tool_is_replaced() {
    let project = project([service("web")]);
    let mut observed = settled(&project);
    change(&mut observed, "app-web-1", |summary| {
        summary.labels.insert(crate::labels::CONFIG_HASH.into(), "0123".into());
    });
    let plan = plan(&project, &observed, &up()).unwrap().to_string();
    assert!(plan.contains("# another tool made it"), "{plan}");
}
