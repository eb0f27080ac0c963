//! Health checks.

use std::time::Duration;

use docker_api::{Health, HealthConfig};
use runtime_core::{HealthReport, HealthStatus, Healthcheck, HealthcheckSpec, HealthcheckTest};

/// The check to send; `None` inherits the image's.
pub(crate) fn to_api(check: &Healthcheck, start_interval: bool) -> Option<HealthConfig> {
    let spec = match check {
        Healthcheck::Inherit => return None,
        Healthcheck::Disable => return Some(HealthConfig::none()),
        Healthcheck::Set(spec) => spec,
    };
    let mut config = match &spec.test {
        HealthcheckTest::Cmd(command) => {
            HealthConfig::test(std::iter::once("CMD".to_owned()).chain(command.iter().cloned()))
        }
        HealthcheckTest::Shell(script) => HealthConfig::test(["CMD-SHELL", script]),
    };
    let nanos =
        |time: Option<Duration>| time.map_or(0, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
    config.interval = nanos(spec.interval);
    config.timeout = nanos(spec.timeout);
    config.retries = spec.retries.map_or(0, i64::from);
    config.start_period = nanos(spec.start_period);
    if start_interval {
        config.start_interval = nanos(spec.start_interval);
    }
    Some(config)
}

/// The check that an engine tells of; `None` where there is none.
pub(crate) fn from_api(config: &HealthConfig) -> Option<HealthcheckSpec> {
    let (kind, rest) = config.test.split_first()?;
    let test = match kind.as_str() {
        "NONE" | "" => return None,
        "CMD" => HealthcheckTest::Cmd(rest.to_vec()),
        "CMD-SHELL" => HealthcheckTest::Shell(rest.join(" ")),
        // An engine's own list without a keyword is run as it is.
        _ => HealthcheckTest::Cmd(config.test.clone()),
    };
    let time = |nanos: i64| u64::try_from(nanos).ok().filter(|nanos| *nanos > 0).map(Duration::from_nanos);
    let mut spec = HealthcheckSpec::new(test);
    spec.interval = time(config.interval);
    spec.timeout = time(config.timeout);
    spec.retries = u32::try_from(config.retries).ok().filter(|retries| *retries > 0);
    spec.start_period = time(config.start_period);
    spec.start_interval = time(config.start_interval);
    Some(spec)
}

/// The engine's record; `None` where it keeps none.
pub(crate) fn report(health: &Health) -> Option<HealthReport> {
    Some(HealthReport {
        status: HealthStatus::parse(health.status.as_str())?,
        failing_streak: u32::try_from(health.failing_streak).unwrap_or(0),
        last_output: health.log.last().map(|log| log.output.clone()).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_survives_the_way_there_and_back() {
        let mut spec =
            HealthcheckSpec::new(HealthcheckTest::Cmd(vec!["test".into(), "-f".into(), "/ok".into()]));
        spec.interval = Some(Duration::from_millis(1500));
        spec.retries = Some(4);
        spec.start_interval = Some(Duration::from_secs(1));
        let config = to_api(&Healthcheck::Set(spec.clone()), true).unwrap();
        assert_eq!(config.test, ["CMD", "test", "-f", "/ok"]);
        assert_eq!(from_api(&config), Some(spec.clone()));
        let old = to_api(&Healthcheck::Set(spec), false).unwrap();
        assert_eq!(old.start_interval, 0);
    }

    #[test]
    fn none_and_inherit() {
        assert_eq!(to_api(&Healthcheck::Inherit, true), None);
        let off = to_api(&Healthcheck::Disable, true).unwrap();
        assert_eq!(off.test, ["NONE"]);
        assert_eq!(from_api(&off), None);
        assert_eq!(from_api(&HealthConfig::default()), None);
    }

    #[test]
    fn a_record_without_a_verdict_is_none() {
        assert_eq!(report(&Health::default()), None);
    }
}
