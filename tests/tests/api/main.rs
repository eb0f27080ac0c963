//! Every endpoint of `libpod-api` and `docker-api` on real engines. Trial names are `<engine>::<group>`.
//!
//! A trial fails if an endpoint of its group was not called with success and refused once, or if an answer holds a
//! field that the types do not know; `tour.rs` says how. Engines: `docker`, `podman`, `podman43`, `podman58`.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped, and what it could not call")]

mod docker;
mod libpod;
mod tour;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use http_endpoint::Descriptor;
use libtest_mimic::{Arguments, Trial};
use wharf_tests::engine::Engine;
use wharf_tests::harness::TestResult;

use crate::tour::Tour;

/// Groups that prune: libpod's `system/prune` and `pods/prune` remove every pod that does not run, whatever the
/// filters, and so those of another group that are being restarted. They run while no other group does.
const ALONE: &[&str] = &["system", "pods"];

/// What calls the endpoints of one group.
type Group = fn(&mut Tour) -> Pin<Box<dyn Future<Output = TestResult> + '_>>;

/// The groups of a module: `groups![containers, exec]` calls `containers::run` and `exec::run`.
macro_rules! groups {
    ($($name:ident),* $(,)?) => {
        /// The groups by name.
        pub(crate) const GROUPS: &[(&str, $crate::Group)] =
            &[$((stringify!($name), |tour| Box::pin($name::run(tour)))),*];
    };
}
pub(crate) use groups;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for name in ["docker", "podman", "podman43", "podman58"] {
        let engine = match Engine::find(name) {
            Ok(engine) => engine,
            Err(reason) => {
                println!("{reason}");
                continue;
            }
        };
        let turn = Arc::new(RwLock::new(()));
        let (api, declared, proofs) = if engine.is_podman() {
            (tour::Api::Libpod, libpod_api::GROUPS, libpod::GROUPS)
        } else {
            (tour::Api::Docker, docker_api::GROUPS, docker::GROUPS)
        };
        for (group, endpoints) in declared {
            let proof = proofs.iter().find(|(name, _)| name == group).map(|(_, run)| *run);
            trials.push(trial(&engine, &turn, api, group, endpoints, proof));
        }
        if engine.is_podman() {
            for (group, run) in docker::COMPATIBLE {
                trials.push(trial(&engine, &turn, tour::Api::Docker, group, &[], Some(*run)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(
    engine: &Engine,
    turn: &Arc<RwLock<()>>,
    api: tour::Api,
    group: &'static str,
    endpoints: &'static [Descriptor],
    proof: Option<Group>,
) -> Trial {
    let engine = engine.clone();
    let turn = Arc::clone(turn);
    let alone = api == tour::Api::Libpod && ALONE.contains(&group);
    Trial::test(format!("{}::{group}", engine.name), move || {
        let proof = proof.ok_or("nothing calls the endpoints of this group")?;
        // A trial that failed leaves nothing behind that another one could trip over.
        let _alone = alone.then(|| turn.write().unwrap_or_else(PoisonError::into_inner));
        let _beside = (!alone).then(|| turn.read().unwrap_or_else(PoisonError::into_inner));
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tokio.block_on(async {
            let mut tour = Tour::new(&engine, api, group).await.map_err(|error| error.to_string())?;
            let result = proof(&mut tour).await;
            tour.finish(endpoints, result).await.map_err(Into::into)
        })
    })
}
