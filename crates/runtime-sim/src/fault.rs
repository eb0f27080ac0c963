//! Calls that go wrong.

use std::time::Duration;

use runtime_core::{Error, ErrorKind};

use crate::Operation;

/// What a fault does to a call.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// The engine refuses; nothing is changed.
    Fail(ErrorKind, String),
    /// The engine does it, but the caller gets an error instead of the answer.
    LoseAnswer,
    /// The engine never answers and does nothing.
    Hang,
    /// The answer takes this much longer.
    Slow(Duration),
    /// The engine goes away at this call, which is not carried out.
    GoAway,
}

/// A call that goes wrong, set with [`SimRuntime::inject`](crate::SimRuntime::inject).
///
/// By default it hits the next call of the operation, whatever it is about, and then is used up.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) operation: Operation,
    pub(crate) subject: Option<String>,
    pub(crate) skip: u64,
    pub(crate) times: Option<u64>,
    pub(crate) effect: Effect,
}

impl Fault {
    const fn new(operation: Operation, effect: Effect) -> Self {
        Self { operation, subject: None, skip: 0, times: Some(1), effect }
    }

    /// The call fails with this kind and reason, and changes nothing.
    pub fn fail(operation: Operation, kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self::new(operation, Effect::Fail(kind, reason.into()))
    }

    /// The call is carried out, but the connection ends before the answer:
    /// [`Unavailable`](ErrorKind::Unavailable).
    #[must_use]
    pub const fn lose_answer(operation: Operation) -> Self {
        Self::new(operation, Effect::LoseAnswer)
    }

    /// The call never returns and changes nothing.
    #[must_use]
    pub const fn hang(operation: Operation) -> Self {
        Self::new(operation, Effect::Hang)
    }

    /// The call takes this much longer.
    #[must_use]
    pub const fn slow(operation: Operation, by: Duration) -> Self {
        Self::new(operation, Effect::Slow(by))
    }

    /// The engine goes away at this call, as with [`SimRuntime::go_away`](crate::SimRuntime::go_away).
    #[must_use]
    pub const fn go_away(operation: Operation) -> Self {
        Self::new(operation, Effect::GoAway)
    }

    /// Only calls about this container (by name), image, network or volume.
    #[must_use]
    pub fn on(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Not the first call that matches but the `n`th, counted from 1 and from now.
    #[must_use]
    pub const fn nth(mut self, n: u64) -> Self {
        self.skip = n.saturating_sub(1);
        self
    }

    /// This many calls in a row.
    #[must_use]
    pub const fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Every call from then on.
    #[must_use]
    pub const fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Whether it hits this call; counts the call.
    fn hits(&mut self, operation: Operation, subject: &str) -> bool {
        if self.operation != operation || self.subject.as_deref().is_some_and(|wanted| wanted != subject) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }
}

/// Takes the effects of all faults that hit a call, and drops those that are used up.
pub(crate) fn take(faults: &mut Vec<Fault>, operation: Operation, subject: &str) -> Vec<Effect> {
    let effects = faults
        .iter_mut()
        .filter_map(|fault| fault.hits(operation, subject).then(|| fault.effect.clone()))
        .collect();
    faults.retain(|fault| fault.times != Some(0));
    effects
}

/// The error of an engine that is gone.
pub(crate) fn gone(operation: Operation, subject: &str) -> Error {
    error(operation, ErrorKind::Unavailable, subject, "the simulated engine went away")
}

/// An error of an operation.
pub(crate) fn error(
    operation: Operation,
    kind: ErrorKind,
    subject: &str,
    reason: impl Into<String>,
) -> Error {
    let error = Error::new(kind, operation.name(), reason);
    if subject.is_empty() { error } else { error.with_subject(subject) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_the_nth_call_this_often() {
        let op = Operation::StartContainer;
        let mut faults = vec![Fault::hang(op).on("a").nth(2).times(2)];
        let hit: Vec<bool> = ["a", "b", "a", "a", "a"]
            .into_iter()
            .map(|subject| !take(&mut faults, op, subject).is_empty())
            .collect();
        assert_eq!(hit, [false, false, true, true, false]);
        assert!(faults.is_empty());
    }
}
