//! Volumes.

use docker_api::volumes::{
    ClusterVolumeSpec, VolumeCreate, VolumeCreateConfig, VolumeDelete, VolumeInspect, VolumeList,
    VolumePrune, VolumeScope, VolumeUpdate, VolumeUpdateConfig,
};
use http_endpoint::{Filters, SecretMap};
use wharf_tests::harness::TestResult;

use super::helper::{holds, labels, mine, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("v"), t.name("nobody"));
    t.finally(VolumeDelete::new(&name).with_force(true));
    let options = [("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=1m")];
    let config = VolumeCreateConfig::new()
        .with_name(&*name)
        .with_driver("local")
        .with_driver_opts(options.into_iter().collect::<SecretMap>())
        .with_labels(labels(t));
    let made = t.call(&VolumeCreate::new(config.clone())).await?;
    same!((made.name.as_str(), made.driver.as_str(), &made.scope), (&*name, "local", &VolumeScope::Local));
    same!(made.options.0["type"], "tmpfs");
    t.call(&VolumeCreate::new(config)).await?;
    let odd = VolumeCreateConfig::new().with_name(&*nobody).with_driver("wharf-no-such-driver");
    t.refused(&VolumeCreate::new(odd), 404).await?;

    let found = t.call(&VolumeInspect::new(&name)).await?;
    holds!(found.created_at.time().is_some() && found.mountpoint == made.mountpoint);
    t.refused(&VolumeInspect::new(&nobody), 404).await?;
    let list = t.call(&VolumeList::new().with_filters(mine(t))).await?;
    same!(list.volumes.iter().map(|volume| &volume.name).collect::<Vec<_>>(), [&name]);
    // Everything that is there, for its fields.
    t.call(&VolumeList::new()).await?;
    t.refused(&VolumeList::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;

    let update = VolumeUpdateConfig::new().with_spec(ClusterVolumeSpec::new());
    t.refused(&VolumeUpdate::new(&name, 1_u64, update), 503).await?;
    t.excuse::<VolumeUpdate>("the engine of the bed is in no Swarm, and answers 503");

    t.call(&VolumeDelete::new(&name)).await?;
    t.refused(&VolumeDelete::new(&name), 404).await?;
    t.call(&VolumeDelete::new(&name).with_force(true)).await?;

    let pruned = t.name("pruned");
    t.finally(VolumeDelete::new(&pruned).with_force(true));
    t.call(&VolumeCreate::new(VolumeCreateConfig::new().with_name(&*pruned).with_labels(labels(t)))).await?;
    let report = t.call(&VolumePrune::new().with_filters(mine(t).with("all", "true"))).await?;
    same!(report.volumes_deleted, [pruned]);
    t.refused(&VolumePrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}
