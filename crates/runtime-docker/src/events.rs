//! The engine's events.

use std::time::SystemTime;

use docker_api::system::Events;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_endpoint::Filters;
use runtime_core::{BoxStream, Event, EventFilter, Result};

use crate::DockerRuntime;
use crate::convert::event::event;
use crate::convert::timestamp;

const OPERATION: &str = "listen to events";

impl DockerRuntime {
    pub(crate) async fn listen(&self, filter: &EventFilter) -> Result<BoxStream<Event>> {
        let mut filters = Filters::new();
        for label in &filter.labels {
            filters.add("label", label);
        }
        if filter.containers_only {
            filters.add("type", "container");
        }
        let mut events = Events::new()
            .with_since(filter.since.map(timestamp))
            .with_until(filter.until.map(timestamp))
            .with_filters(filters);
        if !self.dialect().late_stream_headers {
            return self.open_events(events).await;
        }
        if events.since.is_none() {
            events.since = Some(timestamp(SystemTime::now()));
        }
        let runtime = self.clone();
        Ok(Box::pin(stream::once(async move { runtime.open_events(events).await }).try_flatten()))
    }

    async fn open_events(&self, events: Events) -> Result<BoxStream<Event>> {
        let client = if self.dialect().late_stream_headers {
            self.api().with_header_timeout(None)
        } else {
            self.api().clone()
        };
        let map = self.unnamed_mapper(OPERATION);
        let messages = client.json_stream(&events).await.map_err(&map)?;
        Ok(Box::pin(messages.map(move |message| message.map(event).map_err(&map))))
    }
}
