//! How a container looks in `ps`: Docker's words and Docker's keys.

use std::time::SystemTime;

use compose::ServiceContainer;
use runtime_core::{ContainerStatus, HealthStatus, PublishedPort};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

/// Columns that a command takes in the table.
const COMMAND_WIDTH: usize = 20;

/// Seconds since the epoch.
pub(super) fn epoch(time: SystemTime) -> i64 {
    OffsetDateTime::from(time).unix_timestamp()
}

/// One container as docker-compose's `ps --format json` prints it.
pub(super) fn json(one: &ServiceContainer, project: &str, now: i64) -> Value {
    let summary = &one.summary;
    let labels: Vec<String> = summary.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let networks: Vec<&str> = summary.networks.keys().map(String::as_str).collect();
    let mounts: Vec<&str> =
        summary.mounts.iter().map(|mount| mount.name.as_deref().unwrap_or(&mount.source)).collect();
    let volumes = summary.mounts.iter().filter(|mount| mount.kind == "volume").count();
    let publishers: Vec<Value> = summary
        .ports
        .iter()
        .map(|port| {
            json!({
                "URL": port.host_ip.as_deref().unwrap_or_default(),
                "TargetPort": port.container_port,
                "PublishedPort": port.host_port.unwrap_or_default(),
                "Protocol": port.protocol.as_str(),
            })
        })
        .collect();
    json!({
        "Command": command(&summary.command, false),
        "CreatedAt": created_at(summary.created),
        "ExitCode": summary.exit_code.unwrap_or_default(),
        "Health": one.health.map(HealthStatus::as_str).unwrap_or_default(),
        "ID": summary.id.get(..12).unwrap_or(&summary.id),
        "Image": summary.image,
        "Labels": labels.join(","),
        "LocalVolumes": volumes.to_string(),
        "Mounts": mounts.join(","),
        "Name": summary.name,
        "Names": summary.name,
        "Networks": networks.join(","),
        "Ports": ports(&summary.ports),
        "Project": project,
        "Publishers": publishers,
        "RunningFor": running_for(summary.created, now),
        "Service": one.service,
        "Size": "0B",
        "State": summary.status.as_str(),
        "Status": status(one),
    })
}

/// The state in words, with the health that we know: `Up 2 minutes (healthy)`.
pub(super) fn status(one: &ServiceContainer) -> String {
    let text = one.summary.status_text.as_str();
    let engines = ["(healthy)", "(unhealthy)", "(health: starting)", "(starting)"];
    let own = engines.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end();
    let own = if own.is_empty() { state_word(&one.summary.status) } else { own };
    match one.health {
        None => own.to_owned(),
        Some(HealthStatus::Starting) => format!("{own} (health: starting)"),
        Some(health) => format!("{own} ({})", health.as_str()),
    }
}

fn state_word(status: &ContainerStatus) -> &str {
    match status {
        ContainerStatus::Running => "Up",
        ContainerStatus::Created => "Created",
        ContainerStatus::Exited => "Exited",
        ContainerStatus::Paused => "Paused",
        other => other.as_str(),
    }
}

/// The command in quotes, cut as Docker cuts it.
pub(super) fn command(text: &str, whole: bool) -> String {
    if whole || text.chars().count() < COMMAND_WIDTH {
        return format!("\"{text}\"");
    }
    let kept: String = text.chars().take(COMMAND_WIDTH - 2).collect();
    format!("\"{kept}…\"")
}

/// `0.0.0.0:8080->80/tcp, 9000/tcp`
pub(super) fn ports(ports: &[PublishedPort]) -> String {
    let mut texts: Vec<(u16, String)> = ports
        .iter()
        .map(|port| {
            let inside = format!("{}/{}", port.container_port, port.protocol.as_str());
            let text = match port.host_port {
                None => inside,
                Some(outside) => {
                    let address = port.host_ip.as_deref().filter(|ip| !ip.is_empty()).unwrap_or("0.0.0.0");
                    let address =
                        if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
                    format!("{address}:{outside}->{inside}")
                }
            };
            (port.container_port, text)
        })
        .collect();
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// `2 minutes ago`
pub(super) fn running_for(created: i64, now: i64) -> String {
    if created <= 0 {
        return String::new();
    }
    format!("{} ago", duration(now.saturating_sub(created).max(0)))
}

/// Docker's words for a duration.
fn duration(seconds: i64) -> String {
    let minutes = seconds / 60;
    let hours = (seconds + 1800) / 3600;
    let days = hours / 24;
    match () {
        () if seconds < 1 => "Less than a second".to_owned(),
        () if seconds == 1 => "1 second".to_owned(),
        () if seconds < 60 => format!("{seconds} seconds"),
        () if minutes == 1 => "About a minute".to_owned(),
        () if minutes < 60 => format!("{minutes} minutes"),
        () if hours == 1 => "About an hour".to_owned(),
        () if hours < 48 => format!("{hours} hours"),
        () if days < 14 => format!("{days} days"),
        () if days < 60 => format!("{} weeks", days / 7),
        () if days < 730 => format!("{} months", days / 30),
        () => format!("{} years", days / 365),
    }
}

fn created_at(created: i64) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] +0000 UTC");
    OffsetDateTime::from_unix_timestamp(created)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use runtime_core::Protocol;

    use super::*;

    #[test]
    fn durations_in_dockers_words() {
        for (seconds, text) in [
            (0, "Less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (119, "About a minute"),
            (120, "2 minutes"),
            (3600, "About an hour"),
            (2 * 3600, "2 hours"),
            (3 * 86400, "3 days"),
            (15 * 86400, "2 weeks"),
            (90 * 86400, "3 months"),
            (800 * 86400, "2 years"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        assert_eq!(running_for(0, 50), "");
        assert_eq!(running_for(100, 50), "Less than a second ago");
    }

    #[test]
    fn commands_are_cut_to_twenty_columns() {
        assert_eq!(command("sleep 1000", false), "\"sleep 1000\"");
        let long = "nginx -g 'daemon off; error_log stderr'";
        assert_eq!(command(long, false), "\"nginx -g 'daemon o…\"");
        assert_eq!(command(long, true), format!("\"{long}\""));
        assert_eq!(command("größenänderung überall", false).chars().count(), 21);
    }

    #[test]
    fn ports_that_are_published_and_those_that_are_not() {
        let port = |inside, host_ip: Option<&str>, host_port| {
            let mut port = PublishedPort::default();
            port.container_port = inside;
            port.protocol = Protocol::Tcp;
            port.host_ip = host_ip.map(str::to_owned);
            port.host_port = host_port;
            port
        };
        let list = [
            port(9000, None, None),
            port(80, Some("0.0.0.0"), Some(8080)),
            port(80, Some("::"), Some(8080)),
            port(80, Some("::"), Some(8080)),
        ];
        assert_eq!(ports(&list), "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 9000/tcp");
    }

    #[test]
    fn the_time_of_creation() {
        assert_eq!(created_at(1_800_000_000), "2027-01-15 08:00:00 +0000 UTC");
    }
}
