//! Events.

use std::time::{Duration, SystemTime};

use docker_api::system::EventMessage;
use runtime_core::{Event, EventAction, EventSource};

/// An event in the words of either engine.
pub(crate) fn event(message: EventMessage) -> Event {
    let attributes = message.actor.attributes;
    let source = match message.kind.as_str() {
        "container" => EventSource::Container,
        "image" => EventSource::Image,
        "network" => EventSource::Network,
        "volume" => EventSource::Volume,
        other => EventSource::Other(other.to_owned()),
    };
    // Some actions carry an argument: `health_status: healthy`, `exec_start: sh -c ...`.
    let (word, argument) = message.action.split_once(':').unwrap_or((&message.action, ""));
    let action = match word {
        "create" => EventAction::Create,
        "start" => EventAction::Start,
        "die" | "died" => {
            let code = ["exitCode", "containerExitCode"].iter().find_map(|key| attributes.get(*key));
            EventAction::Die { exit_code: code.and_then(|code| code.parse().ok()) }
        }
        "stop" => EventAction::Stop,
        "kill" => EventAction::Kill,
        "oom" => EventAction::Oom,
        "pause" => EventAction::Pause,
        "unpause" => EventAction::Unpause,
        "restart" => EventAction::Restart,
        "rename" => EventAction::Rename,
        "destroy" | "remove" | "delete" => EventAction::Destroy,
        "checkpoint" => EventAction::Checkpoint,
        "restore" => EventAction::Restore,
        "health_status" => {
            let verdict = Some(argument.trim()).filter(|verdict| !verdict.is_empty());
            EventAction::HealthStatus(verdict.unwrap_or(&message.health_status).to_owned())
        }
        other => EventAction::Other(other.to_owned()),
    };
    let nanos = u64::try_from(message.time_nano).unwrap_or(0);
    let since = if nanos > 0 {
        Duration::from_nanos(nanos)
    } else {
        Duration::from_secs(u64::try_from(message.time).unwrap_or(0))
    };
    let mut event = Event::new(SystemTime::UNIX_EPOCH + since, source, action, message.actor.id);
    event.attributes = attributes.into_iter().collect();
    event
}

#[cfg(test)]
mod tests {
    use docker_api::system::Events;
    use http_endpoint::Endpoint;

    use super::*;

    fn read(json: &str) -> Event {
        event(Events::decode(json.as_bytes()).unwrap())
    }

    #[test]
    fn both_engines_words_mean_the_same() {
        for (word, action) in [
            ("die", EventAction::Die { exit_code: Some(7) }),
            ("died", EventAction::Die { exit_code: Some(7) }),
        ] {
            let event = read(&format!(
                r#"{{"Type":"container","Action":"{word}","Actor":{{"ID":"c","Attributes":{{"exitCode":"7","name":"web"}}}},"timeNano":5}}"#
            ));
            assert_eq!(event.action, action);
            assert_eq!((event.name(), event.id.as_str()), (Some("web"), "c"));
            assert_eq!(event.time, SystemTime::UNIX_EPOCH + Duration::from_nanos(5));
        }
        for word in ["destroy", "remove"] {
            assert_eq!(
                read(&format!(r#"{{"Type":"network","Action":"{word}"}}"#)).action,
                EventAction::Destroy
            );
        }
    }

    #[test]
    fn a_health_verdict_is_an_argument_or_a_field() {
        let healthy = EventAction::HealthStatus("healthy".into());
        assert_eq!(read(r#"{"Type":"container","Action":"health_status: healthy"}"#).action, healthy);
        assert_eq!(
            read(r#"{"Type":"container","Action":"health_status","HealthStatus":"healthy"}"#).action,
            healthy
        );
    }

    #[test]
    fn the_command_of_an_exec_is_not_kept() {
        let event = read(r#"{"Type":"container","Action":"exec_start: sh -c 'login hunter2'","time":3}"#);
        assert_eq!(event.action, EventAction::Other("exec_start".into()));
        assert_eq!(event.time, SystemTime::UNIX_EPOCH + Duration::from_secs(3));
    }
}
