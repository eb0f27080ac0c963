//! Secrets.

use std::collections::BTreeMap;

use http_endpoint::{Filters, JsonQuery, SecretMap};
use libpod_api::secrets::{SecretCreate, SecretExists, SecretInspect, SecretList, SecretRemove};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("s"), t.name("nobody"));
    let (key, value) = t.label();
    let labels = BTreeMap::from([(key, value)]);
    let create = SecretCreate::new(&*name)
        .with_labels(JsonQuery(labels.clone()))
        .with_driver("file")
        .with_driver_opts(JsonQuery(SecretMap::from_iter([("mode", "0600")])));
    t.finally(SecretRemove::new(&name));
    let made = t.upload(&create, b"hunter2".to_vec()).await?;
    holds!(!made.id.is_empty());
    t.upload_refused(&create, b"hunter2".to_vec(), 500).await?;
    t.upload_refused(&SecretCreate::new(&*nobody), Vec::new(), 500).await?;

    let secret = t.call(&SecretInspect::new(&name)).await?;
    same!((&secret.id, &secret.spec.name, &secret.spec.labels), (&made.id, &name, &labels));
    same!(secret.spec.driver.name, "file");
    same!(secret.spec.driver.options.0["mode"], "0600");
    holds!(secret.secret_data.is_empty() && secret.created_at.time().is_some());
    let shown = t.call(&SecretInspect::new(&name).with_show_secret(true)).await?;
    if t.version() >= (4, 7) {
        same!(shown.secret_data.expose(), "hunter2");
    }
    holds!(!format!("{shown:?}").contains("hunter2"));
    t.refused(&SecretInspect::new(&nobody), 404).await?;

    let list = t.call(&SecretList::new().with_filters(Filters::new().with("name", &*name))).await?;
    same!(list.iter().map(|one| &one.id).collect::<Vec<_>>(), [&made.id]);
    t.refused(&SecretList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;
    if t.version() >= (4, 6) {
        t.call(&SecretExists::new(&name)).await?;
        t.refused(&SecretExists::new(&nobody), 404).await?;
    }
    if t.version() >= (4, 7) {
        let replaced = t.upload(&create.clone().with_replace(true), b"hunter3".to_vec()).await?;
        holds!(replaced.id != made.id);
    }
    if t.version() >= (5, 6) {
        t.upload(&create.with_ignore(true), b"hunter4".to_vec()).await?;
        let shown = t.call(&SecretInspect::new(&name).with_show_secret(true)).await?;
        same!(shown.secret_data.expose(), "hunter3");
    }

    t.call(&SecretRemove::new(&name)).await?;
    t.refused(&SecretRemove::new(&name), 404).await?;
    Ok(())
}
