//! Properties of all plans: whatever the project and what is there, no steps wait for each other in a circle, and
//! what the plan would make of the engine needs no further plan.

use std::collections::HashMap;

use compose_file::model::{Namespace, PullPolicy};
use proptest::prelude::*;

use super::*;

/// One service of a random project; references are to earlier services only.
#[derive(Clone, Debug)]
struct Draw {
    depends: Vec<(usize, u8, bool, bool)>,
    namespace: Option<usize>,
    own_network: bool,
    scale: u32,
    changed: bool,
    pulled: bool,
    state: u8,
}

fn draw() -> impl Strategy<Value = Draw> {
    let depends = proptest::collection::vec((0..8_usize, 0..3_u8, any::<bool>(), any::<bool>()), 0..3);
    let namespace = prop_oneof![3 => Just(None), 1 => (0..8_usize).prop_map(Some)];
    (depends, namespace, any::<bool>(), 0..3_u32, any::<bool>(), any::<bool>(), 0..6_u8).prop_map(
        |(depends, namespace, own_network, scale, changed, pulled, state)| Draw {
            depends,
            namespace,
            own_network,
            scale,
            changed,
            pulled,
            state,
        },
    )
}

fn build(draws: &[Draw], new: bool) -> Project {
    let mut all: Vec<Service> = Vec::new();
    for (at, draw) in draws.iter().enumerate() {
        let mut one = with_check(service(&format!("s{at}")));
        one.scale = Some(draw.scale);
        if draw.own_network {
            one.networks.insert("own".into(), None);
        }
        for (other, condition, restart, required) in &draw.depends {
            if at == 0 {
                break;
            }
            let condition = [
                Condition::ServiceStarted,
                Condition::ServiceHealthy,
                Condition::ServiceCompletedSuccessfully,
            ][usize::from(*condition)];
            let dependency = Dependency { condition, restart: *restart, required: *required };
            one.depends_on.insert(format!("s{}", other % at), dependency);
        }
        let parent = draw.namespace.filter(|_| at > 0).map(|other| other % at);
        if let Some(parent) = parent.filter(|parent| draws[*parent].scale > 0) {
            one.networks.clear();
            one.network_mode = Some(Namespace::Service(format!("s{parent}")));
            let dependency = Dependency { restart: true, ..Dependency::default() };
            one.depends_on.insert(format!("s{parent}"), dependency);
        }
        if new && draw.changed {
            one = with_env(one, "A", "1");
        }
        if new && draw.pulled {
            one.pull_policy = Some(PullPolicy::Always);
        }
        all.push(one);
    }
    let mut project = project(all);
    project.networks.insert("own".into(), Network { name: "app_own".into(), ..Network::default() });
    project
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_plan_has_a_circle(
        draws in proptest::collection::vec(draw(), 1..8),
        change_network in any::<bool>(),
        lose_network in any::<bool>(),
        wait in any::<bool>(),
    ) {
        let mut observed = settled(&build(&draws, false));
        for (at, draw) in draws.iter().enumerate() {
            let name = format!("app-s{at}-1");
            if !observed.containers.iter().any(|container| container.summary.name == name) {
                continue;
            }
            match draw.state {
                0 => change(&mut observed, &name, exited(0)),
                1 => change(&mut observed, &name, exited(1)),
                2 => change(&mut observed, &name, |summary| summary.status = ContainerStatus::Created),
                3 => change(&mut observed, &name, |summary| summary.status = ContainerStatus::Paused),
                _ => {}
            }
        }
        let mut project = build(&draws, true);
        project.networks["own"].internal = change_network;
        if lose_network {
            observed.networks.shift_remove("app_default");
        }
        let plan = plan(&project, &observed, &UpRequest::default().with_wait(wait)).unwrap();
        prop_assert!(!plan.has_cycle());
        prop_assert_eq!(plan.order().len(), plan.len());
        each_container_ends_up(&plan)?;
        let down = plan_down(&DownInput {
            project: &project,
            observed: &observed,
            request: &DownRequest::default().with_volumes(true),
        });
        prop_assert!(!down.unwrap().has_cycle());
    }
}

/// In the plan's order, what stops and is not replaced for good starts again later, and nothing is started twice.
fn each_container_ends_up(plan: &Plan) -> std::result::Result<(), TestCaseError> {
    let mut stopped: HashMap<(String, u32), bool> = HashMap::new();
    let mut removed: HashMap<(String, u32), bool> = HashMap::new();
    let mut created: HashMap<(String, u32), bool> = HashMap::new();
    let mut started: HashMap<(String, u32), u32> = HashMap::new();
    for (step, _) in plan.steps() {
        let key = |container: &ContainerRef| (container.service.clone(), container.number);
        match &step.action {
            Action::StopContainer(container) => {
                stopped.insert(key(container), true);
            }
            Action::RemoveContainer { container, .. } => {
                removed.insert(key(container), true);
            }
            Action::CreateContainer(creation) => {
                created.insert(key(&creation.container), true);
            }
            Action::StartContainer(container) | Action::UnpauseContainer(container) => {
                *started.entry(key(container)).or_default() += 1;
            }
            _ => {}
        }
    }
    for key in stopped.keys() {
        let gone = removed.contains_key(key) && !created.contains_key(key);
        prop_assert!(gone || started.contains_key(key), "{key:?} stays down:\n{plan}");
    }
    for (key, count) in &started {
        prop_assert_eq!(*count, 1, "{:?} is started {} times:\n{}", key, count, plan);
    }
    Ok(())
}
