//! What several groups need beside their own endpoints: containers, made as plain JSON.

use std::time::Duration;

use futures_util::StreamExt as _;
use http_endpoint::{Endpoint, endpoint};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wharf_tests::harness::TestResult;

use crate::tour::Tour;

/// As `assert!`, with an error instead of a panic, so that what was made is removed.
macro_rules! holds {
    ($holds:expr $(, $($text:tt)+)?) => {
        if !$holds {
            let text = String::new() $(+ &format!($($text)+))?;
            return Err(format!("line {}: not so: {} {text}", line!(), stringify!($holds)).into());
        }
    };
}
pub(crate) use holds;

/// As `assert_eq!`, with an error instead of a panic.
macro_rules! same {
    ($left:expr, $right:expr $(, $($text:tt)+)?) => {{
        #[allow(clippy::cloned_ref_to_slice_refs, reason = "what is expected may be made for the comparison")]
        match (&$left, &$right) {
            (left, right) => $crate::libpod::helper::holds!(
                left == right,
                "{left:?} is not {right:?} {}",
                String::new() $(+ &format!($($text)+))?
            ),
        };
    }};
}
pub(crate) use same;

endpoint! {
    /// Makes a container.
    POST "/containers/create" => json<Value>, [201];
    pub struct Create {
        json {
            /// What to make.
            spec: Value
        }
    }
}

endpoint! {
    /// Starts a container.
    POST "/containers/{name}/start" => none, [204];
    pub struct Start {
        path {
            /// Name.
            name
        }
    }
}

endpoint! {
    /// Waits until a container has ended; the answer is its exit code.
    POST "/containers/{name}/wait" => text, [200];
    pub struct Wait {
        path {
            /// Name.
            name
        }
    }
}

endpoint! {
    /// What a container writes.
    GET "/containers/{name}/logs" => multiplexed, [200];
    pub struct Logs {
        path {
            /// Name.
            name
        }
        query {
            /// Go on with what comes.
            follow / with_follow: bool = "follow",
            /// What it wrote to stdout.
            stdout / with_stdout: bool = "stdout",
        }
    }
}

endpoint! {
    /// Removes a container.
    DELETE "/containers/{name}" => none, [200];
    pub struct Remove {
        path {
            /// Name.
            name
        }
        query {
            /// Also if it runs.
            force / with_force: bool = "force",
            /// Seconds until it is killed.
            timeout / with_timeout: Option<u32> = "timeout",
            /// Its anonymous volumes, too.
            volumes / with_volumes: bool = "volumes",
        }
    }
}

/// Makes a container that sleeps, with these parts of a specification beside, and removes it at the end.
pub(crate) async fn container(t: &mut Tour, name: &str, beside: Value) -> TestResult<String> {
    let (key, value) = t.label();
    let mut spec = json!({
        "name": name,
        "image": t.image(),
        "command": ["sleep", "600"],
        "stop_signal": 9,
        "labels": { key: value },
    });
    if let (Some(spec), Some(beside)) = (spec.as_object_mut(), beside.as_object()) {
        spec.extend(beside.clone());
    }
    let answer = t.client().send(&Create::new(spec)).await?;
    t.finally(Remove::new(name).with_force(true).with_timeout(0_u32).with_volumes(true));
    Ok(answer["Id"].as_str().unwrap_or_default().to_owned())
}

/// Starts a container.
pub(crate) async fn start(t: &Tour, name: &str) -> TestResult {
    Ok(t.client().send(&Start::new(name)).await?)
}

/// Starts a container and waits until it has written something.
pub(crate) async fn start_and_hear(t: &Tour, name: &str) -> TestResult {
    start(t, name).await?;
    let mut output = t.client().frames(&Logs::new(name).with_follow(true).with_stdout(true)).await?;
    match tokio::time::timeout(Duration::from_secs(60), output.next()).await {
        Ok(Some(Ok(_))) => Ok(()),
        other => Err(format!("{name} was expected to write something: {other:?}").into()),
    }
}

/// Runs a shell script in a container of its own to its end.
pub(crate) async fn script(t: &mut Tour, name: &str, script: &str, beside: Value) -> TestResult {
    let mut spec = json!({ "command": ["sh", "-c", script] });
    if let (Some(spec), Some(beside)) = (spec.as_object_mut(), beside.as_object()) {
        spec.extend(beside.clone());
    }
    container(t, name, spec).await?;
    start(t, name).await?;
    let code = t.client().send(&Wait::new(name)).await?;
    if code.trim() == "0" { Ok(()) } else { Err(format!("{name} ended with {code}").into()) }
}

/// Removes a container.
pub(crate) async fn remove(t: &Tour, name: &str) -> TestResult {
    Ok(t.client().send(&Remove::new(name).with_force(true).with_timeout(0_u32)).await?)
}

/// As [`Tour::call`], for what looks at everything on the engine: Podman fails when a thing of another test went away
/// while it looked.
pub(crate) async fn among_others<E>(t: &mut Tour, endpoint: &E) -> TestResult<E::Response>
where
    E: Endpoint,
    E::Response: DeserializeOwned,
{
    let mut tries = 0;
    loop {
        match t.call(endpoint).await {
            Err(error) if tries < 10 && error.to_string().contains("no such ") => tries += 1,
            other => return other,
        }
    }
}
