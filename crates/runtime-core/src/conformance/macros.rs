//! What a case is written with.

/// Fails the case with a sentence.
macro_rules! fail {
    ($($message:tt)+) => { return Err($crate::conformance::stage::Failure(format!($($message)+))) };
}

/// Fails the case unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => { if !$condition { fail!($($message)+); } };
}

/// Fails the case unless two values are equal.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr $(,)?) => { ensure_eq!($found, $expected, "{}", stringify!($found)) };
    ($found:expr, $expected:expr, $($message:tt)+) => {
        // A match keeps temporaries alive.
        match (&$found, &$expected) {
            (found, expected) => if *found != *expected {
                fail!("{}: expected {expected:?}, found {found:?}", format_args!($($message)+));
            },
        }
    };
}

/// Fails the case unless a call failed with this kind.
macro_rules! ensure_error {
    ($call:expr, $kind:ident $(| $other:ident)*) => {
        match $call {
            Ok(_) => fail!("{} succeeded; expected {}", stringify!($call), stringify!($kind)),
            Err(error) => {
                let kind = error.kind();
                if !matches!(kind, $crate::ErrorKind::$kind $(| $crate::ErrorKind::$other)*) {
                    fail!("{}: expected {}, found {kind:?}: {error}", stringify!($call), stringify!($kind));
                }
                error
            }
        }
    };
}

/// Lists the cases of a module: async functions of the stage, by what they need.
macro_rules! cases {
    ($($needs:ident { $($name:ident),* $(,)? })*) => {
        pub(super) fn cases() -> Vec<$crate::conformance::Case> {
            vec![$($(
                $crate::conformance::Case {
                    name: stringify!($name),
                    needs: $crate::conformance::Needs::$needs,
                    run: |stage| Box::pin(async move { $name(&stage).await }),
                },
            )*)*]
        }
    };
}
