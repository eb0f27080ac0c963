//! Events.

use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;

use super::stage::{Check, Stage};
use crate::{BoxStream, Event, EventAction, EventFilter, EventSource, RemoveContainer, StopOptions};

cases! {
    Nothing {
        events_of_a_life, events_are_filtered_by_label, events_miss_nothing, events_of_networks_and_volumes, events_of_a_stop,
        events_until_a_time,
    }
    Processes { events_since_a_time }
}

fn filter(stage: &Stage) -> EventFilter {
    EventFilter::containers_with_label("case", &stage.prefix)
}

/// Reads events until one is the last that is wanted; fails after 30 s.
async fn read(events: &mut BoxStream<Event>, mut is_last: impl FnMut(&Event) -> bool) -> Check<Vec<Event>> {
    let mut seen = Vec::new();
    loop {
        let event = tokio::time::timeout(Duration::from_secs(30), events.next()).await;
        match event {
            Ok(Some(event)) => seen.push(event?),
            Ok(None) => fail!("the stream ended after {seen:?}"),
            Err(_) => fail!("the last event did not come; seen so far: {seen:?}"),
        }
        if seen.last().is_some_and(&mut is_last) {
            return Ok(seen);
        }
    }
}

/// Only the actions that every engine tells.
fn life(events: &[Event]) -> Vec<EventAction> {
    use EventAction as A;
    let wanted = |action: &&A| matches!(action, A::Create | A::Start | A::Die { .. } | A::Destroy);
    events.iter().map(|event| &event.action).filter(wanted).cloned().collect()
}

async fn events_of_a_life(stage: &Stage) -> Check {
    let mut events = stage.runtime.events(&filter(stage)).await?;
    let spec = stage.script("c", "exit 3").with_label("case", &stage.prefix);
    let id = stage.start(&spec).await?;
    stage.runtime.wait_container(&id, Default::default()).await?;
    stage.runtime.remove_container(&id, RemoveContainer::default()).await?;
    let seen = read(&mut events, |event| event.action == EventAction::Destroy).await?;
    let die = EventAction::Die { exit_code: Some(3) };
    ensure_eq!(life(&seen), [EventAction::Create, EventAction::Start, die, EventAction::Destroy]);
    for event in &seen {
        ensure_eq!(event.source, EventSource::Container);
        ensure_eq!(event.id, id);
        ensure_eq!(event.name(), Some(spec.name.as_str()));
        ensure_eq!(event.attributes.get("case"), Some(&stage.prefix), "labels are among the attributes");
    }
    ensure!(seen.windows(2).all(|pair| pair[0].time <= pair[1].time), "times run backwards");
    Ok(())
}

async fn events_are_filtered_by_label(stage: &Stage) -> Check {
    let mut events = stage.runtime.events(&filter(stage)).await?;
    let other = format!("{}x", stage.prefix);
    stage.create(&stage.idle_spec("other").with_label("case", &other)).await?;
    stage.create(&stage.idle_spec("none")).await?;
    let id = stage.create(&stage.idle_spec("own").with_label("case", &stage.prefix)).await?;
    let seen = read(&mut events, |event| event.id == id).await?;
    ensure!(seen.iter().all(|event| event.id == id), "others are among {seen:?}");
    Ok(())
}

async fn events_miss_nothing(stage: &Stage) -> Check {
    // Each listener begins just before something happens.
    for n in 0..10 {
        let mut events = stage.runtime.events(&filter(stage)).await?;
        let spec = stage.idle_spec(&format!("c{n}")).with_label("case", &stage.prefix);
        let id = stage.create(&spec).await?;
        let seen = read(&mut events, |event| event.id == id && event.action == EventAction::Create).await;
        ensure!(seen.is_ok(), "the creation after listener {n} was missed: {seen:?}");
    }
    Ok(())
}

async fn events_of_networks_and_volumes(stage: &Stage) -> Check {
    let mut events = stage.runtime.events(&EventFilter::default()).await?;
    let volume = stage.volume_spec("v");
    stage.runtime.create_volume(&volume).await?;
    stage.runtime.remove_volume(&volume.name, false).await?;
    let seen = read(&mut events, |event| {
        event.source == EventSource::Volume
            && event.action == EventAction::Destroy
            && (event.id == volume.name || event.name() == Some(&volume.name))
    })
    .await?;
    let created = |event: &Event| event.source == EventSource::Volume && event.action == EventAction::Create;
    ensure!(seen.iter().any(created), "no creation of the volume in {seen:?}");
    Ok(())
}

async fn events_of_a_stop(stage: &Stage) -> Check {
    let id = stage.start(&stage.idle_spec("c").with_label("case", &stage.prefix)).await?;
    let mut events = stage.runtime.events(&filter(stage)).await?;
    stage.runtime.stop_container(&id, &StopOptions::within(Duration::ZERO)).await?;
    // A stop is not always told on Podman, and on Docker it may be told before the death.
    let seen = read(&mut events, |event| matches!(event.action, EventAction::Die { .. })).await?;
    ensure_eq!(seen.last().map(|event| event.id.clone()), Some(id));
    Ok(())
}

async fn events_until_a_time(stage: &Stage) -> Check {
    let mut until = filter(stage);
    // The engine's clock may be another one, as that of a simulated engine.
    let mut events = stage.runtime.events(&filter(stage)).await?;
    stage.create(&stage.idle_spec("a").with_label("case", &stage.prefix)).await?;
    let first = read(&mut events, |event| event.action == EventAction::Create).await?;
    let Some(now) = first.last().map(|event| event.time) else { fail!("no event") };
    until.until = Some(now + Duration::from_secs(2));
    let events = stage.runtime.events(&until).await?;
    let all = tokio::time::timeout(Duration::from_secs(20), events.collect::<Vec<_>>()).await;
    ensure!(all.is_ok(), "the stream did not end");
    Ok(())
}

async fn events_since_a_time(stage: &Stage) -> Check {
    let before = SystemTime::now() - Duration::from_millis(10);
    let id = stage.create(&stage.idle_spec("c").with_label("case", &stage.prefix)).await?;
    let mut since = filter(stage);
    since.since = Some(before);
    let mut events = stage.runtime.events(&since).await?;
    let seen = read(&mut events, |event| event.action == EventAction::Create).await?;
    ensure_eq!(seen.last().map(|event| event.id.clone()), Some(id));
    Ok(())
}
