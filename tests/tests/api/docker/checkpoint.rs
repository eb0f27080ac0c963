//! Docker's own checkpoints, which are experimental.

use docker_api::containers::ContainerStart;
use docker_api::containers::checkpoint::{
    CheckpointCreate, CheckpointCreateOptions, CheckpointDelete, CheckpointList,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, sleeper};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let reason = "the engine of the bed runs without experimental features, and answers 501";
    t.excuse::<CheckpointList>(reason);
    t.excuse::<CheckpointCreate>(reason);
    t.excuse::<CheckpointDelete>(reason);

    let name = t.name("c");
    sleeper(t, &name).await?;
    let error = t.refused(&CheckpointList::new(&name), 501).await?;
    holds!(error.to_string().contains("experimental"), "{error}");
    let create = CheckpointCreate::new(&name, CheckpointCreateOptions::new("one").with_exit(true));
    t.refused(&create, 501).await?;
    t.refused(&CheckpointDelete::new(&name, "one"), 501).await?;
    // The checkpoint of a start is looked at only where the features are on.
    t.refused(&ContainerStart::new(&name).with_checkpoint("one"), 400).await?;
    Ok(())
}
