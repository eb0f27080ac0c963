//! What is probed: the file's check over the image's.

use std::time::Duration;

use compose_file::model::{HealthCheck, HealthTest};
use runtime_core::{HealthcheckSpec, HealthcheckTest};

use super::Schedule;

/// The check that a container is created with: the file's, with the image's where the file gives none or leaves a
/// part out. `None` when there is no check, or the file switches it off.
///
/// As the engine does, a time or number of 0 is read as left out.
#[must_use]
pub fn merge(file: Option<&HealthCheck>, image: Option<&HealthcheckSpec>) -> Option<HealthcheckSpec> {
    let Some(file) = file else { return image.cloned() };
    if file.is_disabled() {
        return None;
    }
    let test = match &file.test {
        HealthTest::Cmd(words) => HealthcheckTest::Cmd(words.clone()),
        HealthTest::Shell(line) => HealthcheckTest::Shell(line.clone()),
        HealthTest::Disabled => return None,
        HealthTest::Inherit => image?.test.clone(),
    };
    let time = |own: Option<Duration>, image: fn(&HealthcheckSpec) -> Option<Duration>, base: Option<&_>| {
        own.filter(|time| !time.is_zero()).or_else(|| base.and_then(image))
    };
    let mut check = HealthcheckSpec::new(test);
    check.interval = time(file.interval, |image| image.interval, image);
    check.timeout = time(file.timeout, |image| image.timeout, image);
    check.start_period = time(file.start_period, |image| image.start_period, image);
    check.start_interval = time(file.start_interval, |image| image.start_interval, image);
    check.retries = file
        .retries
        .filter(|retries| *retries > 0)
        .map(|retries| u32::try_from(retries).unwrap_or(u32::MAX))
        .or_else(|| image.and_then(|image| image.retries));
    Some(check)
}

/// A check that is ready to be run: its command, and times that are all known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeSpec {
    /// Program and arguments, run in the container with its environment and working directory.
    pub command: Vec<String>,
    /// When it is run, and what its failures mean.
    pub schedule: Schedule,
}

impl ProbeSpec {
    /// A command with a schedule.
    pub fn new<S: Into<String>>(command: impl IntoIterator<Item = S>, schedule: Schedule) -> Self {
        Self { command: command.into_iter().map(Into::into).collect(), schedule }
    }

    /// What [`merge`] gives, ready to be run.
    #[must_use]
    pub fn resolve(file: Option<&HealthCheck>, image: Option<&HealthcheckSpec>) -> Option<Self> {
        merge(file, image).as_ref().map(Self::from)
    }
}

impl From<&HealthcheckSpec> for ProbeSpec {
    fn from(check: &HealthcheckSpec) -> Self {
        let default = Schedule::default();
        let or = |own: Option<Duration>, other: Duration| own.filter(|time| !time.is_zero()).unwrap_or(other);
        let schedule = Schedule {
            interval: or(check.interval, default.interval),
            timeout: or(check.timeout, default.timeout),
            retries: check.retries.filter(|retries| *retries > 0).unwrap_or(default.retries),
            start_period: check.start_period.unwrap_or(default.start_period),
            start_interval: or(check.start_interval, default.start_interval),
        };
        Self { command: check.test.command(), schedule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn image() -> HealthcheckSpec {
        let mut check = HealthcheckSpec::new(HealthcheckTest::Shell("image".into()));
        check.interval = Some(S * 7);
        check.retries = Some(9);
        check
    }

    #[test]
    fn the_file_comes_first_and_the_image_fills_what_is_left() {
        let mut file = HealthCheck { test: HealthTest::Cmd(vec!["own".into()]), ..HealthCheck::default() };
        file.timeout = Some(S * 2);
        file.interval = Some(Duration::ZERO);
        let probe = ProbeSpec::resolve(Some(&file), Some(&image())).unwrap();
        assert_eq!(probe.command, ["own"]);
        let expected = Schedule { interval: S * 7, timeout: S * 2, retries: 9, ..Schedule::default() };
        assert_eq!(probe.schedule, expected);

        let timings = HealthCheck { interval: Some(S), retries: Some(1), ..HealthCheck::default() };
        let probe = ProbeSpec::resolve(Some(&timings), Some(&image())).unwrap();
        assert_eq!(probe.command, ["/bin/sh", "-c", "image"]);
        assert_eq!((probe.schedule.interval, probe.schedule.retries), (S, 1));
    }

    #[test]
    fn no_check_and_a_check_that_is_off_give_none() {
        let off = HealthCheck { test: HealthTest::Disabled, ..HealthCheck::default() };
        let disabled = HealthCheck { disable: true, ..HealthCheck::default() };
        let timings_only = HealthCheck { interval: Some(S), ..HealthCheck::default() };
        assert_eq!(merge(None, None), None);
        assert_eq!(merge(Some(&off), Some(&image())), None);
        assert_eq!(merge(Some(&disabled), Some(&image())), None);
        assert_eq!(merge(Some(&timings_only), None), None);
        assert_eq!(merge(None, Some(&image())), Some(image()));
    }

    #[test]
    fn what_nobody_gives_is_dockers_default() {
        let probe = ProbeSpec::from(&HealthcheckSpec::new(HealthcheckTest::Cmd(vec!["x".into()])));
        let expected = Schedule {
            interval: S * 30,
            timeout: S * 30,
            retries: 3,
            start_period: Duration::ZERO,
            start_interval: S * 5,
        };
        assert_eq!(probe.schedule, expected);
    }
}
