//! `wharf logs`

use std::time::{Duration, SystemTime};

use clap::Args;
use compose::{LogEvent, LogsRequest};
use futures_util::StreamExt as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::context::{Absent, Context};
use crate::failure::Failure;
use crate::log_printer::{LogPrinter, LogStyle};

/// Show what containers printed
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent switch")]
pub(crate) struct LogsArgs {
    /// Go on with new output until nothing runs any more
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Show only the last lines of each container: a number, or `all`
    #[arg(short = 'n', long, value_name = "LINES", value_parser = tail, default_value = "all", hide_default_value = true)]
    tail: Tail,
    /// Show when each line was written
    #[arg(short, long)]
    timestamps: bool,
    /// Show only what was written since: a time such as 2026-01-31T12:00:00Z, or how long ago, such as 42m
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<SystemTime>,
    /// Show only what was written until: a time, or how long ago
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<SystemTime>,
    /// Only the container of this number of each service
    #[arg(long, value_name = "NUMBER")]
    index: Option<u32>,
    /// Print prefixes without colours
    #[arg(long)]
    no_color: bool,
    /// Print lines without prefixes
    #[arg(long)]
    no_log_prefix: bool,
    /// Services; all by default
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail(Option<u64>);

pub(crate) async fn run(context: &Context, args: LogsArgs) -> Result<u8, Failure> {
    let (engine, project) = context.project_or_labels(&args.services, Absent::Refused).await?;
    let style = LogStyle { no_prefix: args.no_log_prefix, no_color: args.no_color, ..LogStyle::default() };
    let mut printer = LogPrinter::new(&context.output, &project, &args.services, style);
    let request = LogsRequest::new()
        .with_services(args.services)
        .with_index(args.index)
        .with_follow(args.follow)
        .with_tail(args.tail.0)
        .with_since(args.since)
        .with_until(args.until)
        .with_timestamps(args.timestamps);
    let mut events = engine.orchestrator(project).logs(&request).await?;
    while let Some(event) = events.next().await {
        match event? {
            LogEvent::Line(line) => printer.line(&line)?,
            LogEvent::Exited { container, code, will_restart, .. } if args.follow => {
                printer.exited(&container, code, will_restart)?;
            }
            LogEvent::Unreadable { container, reason, .. } => printer.unreadable(&container, &reason),
            _ => {}
        }
    }
    Ok(0)
}

fn tail(text: &str) -> Result<Tail, String> {
    match text {
        "all" => Ok(Tail(None)),
        number => {
            number.parse().map(|lines| Tail(Some(lines))).map_err(|_| "expected a number or `all`".to_owned())
        }
    }
}

/// Reads a time as Docker does: RFC 3339 or a part of it (UTC), seconds since the epoch, or a duration before now.
fn moment(text: &str) -> Result<SystemTime, String> {
    parse_moment(text, SystemTime::now()).ok_or_else(|| {
        "expected a time such as 2026-01-31T12:00:00Z, or how long ago, such as 42m".to_owned()
    })
}

fn parse_moment(text: &str, now: SystemTime) -> Option<SystemTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time.into());
    }
    let minute = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let second = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let local = time::PrimitiveDateTime::parse(text, second)
        .or_else(|_| time::PrimitiveDateTime::parse(text, minute));
    if let Ok(time) = local {
        return Some(time.assume_utc().into());
    }
    if let Ok(date) = time::Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Some(date.midnight().assume_utc().into());
    }
    let seconds = text.split_once('.').map_or(text, |(seconds, _)| seconds);
    if !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds.parse().ok()?));
    }
    now.checked_sub(compose_file::model::parse_duration(text).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_every_form_that_docker_takes() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let at = |text| {
            parse_moment(text, now)
                .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
                .map(|time| time.as_secs())
        };
        assert_eq!(at("2027-01-15T08:00:00Z"), Some(1_800_000_000));
        assert_eq!(at("2027-01-15T09:00:00+01:00"), Some(1_800_000_000));
        assert_eq!(at("2027-01-15T08:00:00"), Some(1_800_000_000));
        assert_eq!(at("2027-01-15T08:00"), Some(1_800_000_000));
        assert_eq!(at("2027-01-15"), Some(1_800_000_000 - 8 * 3600));
        assert_eq!(at("1800000000"), Some(1_800_000_000));
        assert_eq!(at("1800000000.25"), Some(1_800_000_000));
        assert_eq!(at("1h30m"), Some(1_800_000_000 - 5400));
        for bad in ["", "soon", "99999999999999999999999", "2027-13-01", "99999999h"] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    #[test]
    fn tails() {
        assert_eq!(tail("all"), Ok(Tail(None)));
        assert_eq!(tail("0"), Ok(Tail(Some(0))));
        assert!(tail("-1").is_err());
    }
}
