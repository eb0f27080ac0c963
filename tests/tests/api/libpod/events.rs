//! Events.

use http_endpoint::Filters;
use libpod_api::events::{EventAction, EventType, Events};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let name = t.name("c");
    let id = helper::container(t, &name, json!({"command": ["sh", "-c", "exit 3"]})).await?;
    helper::start(t, &name).await?;
    t.client().send(&helper::Wait::new(&name)).await?;

    // Waits for the end of the container, from its beginning on.
    let of_container = Filters::new().with("container", &id);
    let until_died = Events::new().with_since("5m").with_filters(of_container.clone().with("event", "died"));
    let died = t.items(&until_died, 1).await?.pop().ok_or("no event")?;
    same!((&died.kind, &died.action), (&EventType::Container, &EventAction::Died));
    same!((died.actor.id.as_str(), died.scope.as_str()), (id.as_str(), "local"));
    same!(died.actor.attributes["name"], name);
    same!(died.actor.attributes["containerExitCode"], "3");
    let (key, value) = t.label();
    same!(died.actor.attributes[&key], value);
    same!(died.time, died.time_nano / 1_000_000_000);

    helper::remove(t, &name).await?;
    let recorded = Events::new().with_since("5m").with_stream(false).with_filters(of_container);
    let actions: Vec<_> = t.items(&recorded, 100).await?.into_iter().map(|event| event.action).collect();
    let expected =
        [EventAction::Create, EventAction::Init, EventAction::Start, EventAction::Died, EventAction::Remove];
    for action in &expected {
        holds!(actions.contains(action), "{action} is not in {actions:?}");
    }
    let other = actions.iter().find(|action| matches!(action, EventAction::Other(_)));
    same!(other, None, "an action that has no name");

    everything(t).await?;
    let unknown = Events::new().with_stream(false).with_filters(Filters::new().with("no-such-filter", "x"));
    if t.version() < (5, 0) {
        t.excuse_error::<Events>("Podman 4 answers with status 200 and the refusal as a value of the stream");
        let refusal = t.items(&unknown, 1).await?.pop().ok_or("no refusal")?;
        holds!(refusal.error().is_some_and(|text| text.contains("invalid filter")), "{refusal:?}");
    } else {
        t.refused(&unknown, 500).await?;
    }
    Ok(())
}

/// Whatever the other groups made happen on the engine by now, each field and each word.
async fn everything(t: &mut Tour) -> TestResult {
    let all = t.items(&Events::new().with_since("1h").with_stream(false), 5000).await?;
    for event in &all {
        holds!(event.error().is_none() && event.time > 0, "{event:?}");
        holds!(!matches!(event.kind, EventType::Other(_)), "a type that has no name: {event:?}");
        holds!(!matches!(event.action, EventAction::Other(_)), "an action that has no name: {event:?}");
    }
    Ok(())
}
