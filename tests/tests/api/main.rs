//! Every endpoint of `libpod-api` and `docker-api` on real engines. Trial names are `<engine>::<group>`.
//!
//! A trial fails if an endpoint of its group was not called with success and refused once, or if an answer holds a
//! field that the types do not know; `tour.rs` says how. One group runs at a time on each engine: calls that look at
//! every container or pod (`showmounted`, `df`, prunes) fail when another group removes one meanwhile.
//!
//! Engines: `docker`, `podman`, `podman43`, `podman58`.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped, and what it could not call")]

mod docker;
mod libpod;
mod tour;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use http_endpoint::Descriptor;
use libtest_mimic::{Arguments, Trial};
use wharf_tests::engine::Engine;
use wharf_tests::harness::TestResult;

use crate::tour::Tour;

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
    let mut engines = Vec::new();
    for name in ["docker", "podman", "podman43", "podman58"] {
        let engine = match Engine::find(name) {
            Ok(engine) => engine,
            Err(reason) => {
                println!("{reason}");
                continue;
            }
        };
        let turn = Arc::new(Mutex::new(()));
        let mut trials = Vec::new();
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
        engines.push(trials.into_iter());
    }
    libtest_mimic::run(&arguments, in_turn(engines)).exit();
}

/// One trial of each engine after the other, so that neighbours, which run at the same time, rarely wait for each other.
fn in_turn(mut engines: Vec<std::vec::IntoIter<Trial>>) -> Vec<Trial> {
    let mut all = Vec::new();
    loop {
        let round: Vec<Trial> = engines.iter_mut().filter_map(Iterator::next).collect();
        if round.is_empty() {
            return all;
        }
        all.extend(round);
    }
}

fn trial(
    engine: &Engine,
    turn: &Arc<Mutex<()>>,
    api: tour::Api,
    group: &'static str,
    endpoints: &'static [Descriptor],
    proof: Option<Group>,
) -> Trial {
    let engine = engine.clone();
    let turn = Arc::clone(turn);
    Trial::test(format!("{}::{group}", engine.name), move || {
        let proof = proof.ok_or("nothing calls the endpoints of this group")?;
        // A trial that failed leaves nothing behind that another one could trip over.
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tokio.block_on(async {
            let mut tour = Tour::new(&engine, api, group).await.map_err(|error| error.to_string())?;
            let result = proof(&mut tour).await;
            tour.finish(endpoints, result).await.map_err(Into::into)
        })
    })
}
