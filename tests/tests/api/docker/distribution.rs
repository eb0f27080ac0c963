//! What a registry has.

use docker_api::AuthConfig;
use docker_api::distribution::DistributionInspect;
use docker_api::images::{ImageDelete, ImagePush, ImageTag};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let registry = t.registry().ok_or("WHARF_TEST_REGISTRY is not set")?;
    let remote = format!("{registry}/wharf-api/distribution");
    let tagged = format!("{remote}:1");
    t.finally(ImageDelete::new(&tagged).with_force(true));
    t.call(&ImageTag::new(t.image(), &*remote).with_tag("1")).await?;
    let auth = AuthConfig::new().to_header();
    let steps =
        t.items(&ImagePush::new(&remote).with_tag("1").with_registry_auth(auth.clone()), 1000).await?;
    let digest = steps.iter().find_map(|step| step.pushed_digest()).ok_or("no digest")?.to_owned();

    let found = t.call(&DistributionInspect::new(&tagged).with_registry_auth(auth)).await?;
    same!(found.descriptor.digest, digest);
    holds!(found.descriptor.size > 0 && !found.descriptor.media_type.is_empty());
    same!((found.platforms[0].os.as_str(), found.platforms[0].architecture.as_str()), ("linux", "amd64"));
    t.refused(&DistributionInspect::new(format!("{registry}/wharf-api/none:0")), 404).await?;
    Ok(())
}
