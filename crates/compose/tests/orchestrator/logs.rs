use compose::{LogEvent, LogsRequest};
use compose_file::model::RestartPolicy;
use futures_util::StreamExt as _;
use runtime_core::OutputStream;

use super::*;

fn text(event: &LogEvent) -> String {
    match event {
        LogEvent::Line(line) => format!("{} | {}", line.container, String::from_utf8_lossy(&line.line)),
        LogEvent::Exited { container, code, will_restart, .. } => {
            format!("{container} ended {code} {will_restart}")
        }
        other => format!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_logged_is_read_and_the_stream_ends() {
    let sim = engine();
    script(&sim, "a", SimProgram::new().prints(Duration::ZERO, "one").prints_error(Duration::ZERO, "two"));
    let project = project([service("a"), service("b")]);
    on(&sim, &project).up(&up()).await.unwrap();
    sim.print("app-b-1", OutputStream::Stdout, "three").unwrap();
    let stream = on(&sim, &project).logs(&LogsRequest::default()).await.unwrap();
    let mut lines: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
    lines.sort();
    assert_eq!(lines, ["app-a-1 | one", "app-a-1 | two", "app-b-1 | three"]);
    let only = LogsRequest::default().with_services(["b"]);
    let stream = on(&sim, &project).logs(&only).await.unwrap();
    assert_eq!(stream.count().await, 1);
}

#[tokio::test(start_paused = true)]
async fn following_tells_the_end_after_the_last_line() {
    let sim = engine();
    let second = Duration::from_secs(1);
    script(&sim, "job", SimProgram::new().prints(second, "late").exits_after(2 * second, 3));
    let project = project([service("job")]);
    on(&sim, &project).up(&up()).await.unwrap();
    let stream = on(&sim, &project).logs(&LogsRequest::default().with_follow(true)).await.unwrap();
    let lines: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
    assert_eq!(lines, ["app-job-1 | late", "app-job-1 ended 3 false"]);
}

/// Docker waits a moment before it starts a container again.
#[tokio::test(start_paused = true)]
async fn a_container_is_followed_over_its_runs_until_none_is_to_come() {
    let sim = engine();
    let second = Duration::from_secs(1);
    script(&sim, "loop", SimProgram::new().prints(second / 10, "try").exits_after(second, 1));
    let mut service = service("loop");
    service.restart = Some(RestartPolicy::OnFailure { max_retries: Some(2) });
    let project = project([service]);
    on(&sim, &project).up(&up()).await.unwrap();
    let stream = on(&sim, &project).logs(&LogsRequest::default().with_follow(true)).await.unwrap();
    let lines: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
    assert_eq!(lines, ["app-loop-1 | try", "app-loop-1 ended 1 true"].repeat(3));
}

/// A terminal's output has no entries that could be counted, nor have the last lines: the next run is read from the end of
/// the one before.
#[tokio::test(start_paused = true)]
async fn each_run_is_shown_once_where_nothing_is_counted() {
    for (tty, tail) in [(true, None), (false, Some(9)), (true, Some(9))] {
        let sim = engine();
        let second = Duration::from_secs(1);
        script(&sim, "loop", SimProgram::new().prints(Duration::ZERO, "try").exits_after(second, 1));
        let mut service = service("loop");
        service.tty = tty;
        service.restart = Some(RestartPolicy::OnFailure { max_retries: Some(2) });
        let project = project([service]);
        on(&sim, &project).up(&up()).await.unwrap();
        let request = LogsRequest::default().with_follow(true).with_tail(tail);
        let stream = on(&sim, &project).logs(&request).await.unwrap();
        let mut told: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
        // The simulated engine goes on with a log over a restart, as Podman does: the next line may come first.
        told.sort();
        let (lines, ends) = (["app-loop-1 | try"; 3], ["app-loop-1 ended 1 true"; 3]);
        assert_eq!(told, [ends, lines].concat(), "{tty} {tail:?}");
        // What has ended is shown once, and then what starts again.
        let request = LogsRequest::default().with_follow_new(true).with_tail(tail);
        let mut stream = on(&sim, &project).logs(&request).await.unwrap();
        let mut next = async || text(&stream.next().await.unwrap().unwrap());
        for _ in 0..3 {
            assert_eq!(next().await, "app-loop-1 | try");
        }
        sim.start_container("app-loop-1").await.unwrap();
        assert_eq!(next().await, "app-loop-1 | try");
        assert_eq!(next().await, "app-loop-1 ended 1 true");
    }
}

/// What was left out at first stays left out when the log is asked for again.
#[tokio::test(start_paused = true)]
async fn the_last_lines_and_what_follows() {
    for (tail, expected) in [(0, &["new"][..]), (1, &["two", "new"])] {
        let sim = engine();
        let second = Duration::from_secs(1);
        let program = SimProgram::new().prints(Duration::ZERO, "one").prints(Duration::ZERO, "two");
        script(&sim, "web", program.prints(second, "new").exits_after(2 * second, 0));
        let project = project([service("web")]);
        on(&sim, &project).up(&up()).await.unwrap();
        let request = LogsRequest::default().with_follow(true).with_tail(Some(tail));
        let stream = on(&sim, &project).logs(&request).await.unwrap();
        let lines: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
        let expected = expected.iter().map(|line| format!("app-web-1 | {line}"));
        assert_eq!(lines, expected.chain(["app-web-1 ended 0 false".to_owned()]).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_follows_on_a_time_that_is_over() {
    let sim = engine();
    script(&sim, "web", SimProgram::new().prints(Duration::ZERO, "old"));
    let project = project([service("web")]);
    on(&sim, &project).up(&up()).await.unwrap();
    let request = LogsRequest::default().with_follow(true).with_until(Some(std::time::SystemTime::now()));
    let stream = on(&sim, &project).logs(&request).await.unwrap();
    let lines: Vec<String> = stream.map(|event| text(&event.unwrap())).collect().await;
    assert_eq!(lines, ["app-web-1 | old"]);
    assert!(sim.elapsed() < Duration::from_secs(60), "{:?}", sim.elapsed());
}

#[tokio::test(start_paused = true)]
async fn times_stand_before_the_lines() {
    let sim = engine();
    let second = Duration::from_secs(1);
    script(&sim, "job", SimProgram::new().prints(Duration::ZERO, "now").exits_after(second, 0));
    let project = project([service("job")]);
    on(&sim, &project).up(&up()).await.unwrap();
    for follow in [false, true] {
        let request = LogsRequest::default().with_follow(follow).with_timestamps(true);
        let mut stream = on(&sim, &project).logs(&request).await.unwrap();
        let first = text(&stream.next().await.unwrap().unwrap());
        let line = first.strip_prefix("app-job-1 | ").unwrap();
        let (time, line) = line.split_once(' ').unwrap();
        assert!(time.starts_with("20") && time.contains('T'), "{time:?}");
        assert_eq!(line, "now");
    }
}

#[tokio::test(start_paused = true)]
async fn containers_that_start_later_and_again_are_followed() {
    let sim = engine();
    let second = Duration::from_secs(1);
    script(&sim, "web", SimProgram::new().prints(Duration::ZERO, "hello").exits_after(10 * second, 0));
    let project = project([service("web")]);
    let orchestrator = on(&sim, &project);
    let request = LogsRequest::default().with_follow_new(true).with_only_new(true);
    let mut stream = orchestrator.logs(&request).await.unwrap();
    orchestrator.up(&up()).await.unwrap();
    let mut next = async || text(&stream.next().await.unwrap().unwrap());
    assert_eq!(next().await, "app-web-1 | hello");
    assert_eq!(next().await, "app-web-1 ended 0 false");
    sim.start_container("app-web-1").await.unwrap();
    assert_eq!(next().await, "app-web-1 | hello");
    assert_eq!(next().await, "app-web-1 ended 0 false");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_ends_the_stream_with_an_error() {
    let sim = engine();
    let project = project([service("web")]);
    on(&sim, &project).up(&up()).await.unwrap();
    let request = LogsRequest::default().with_follow_new(true);
    let mut stream = on(&sim, &project).logs(&request).await.unwrap();
    sim.go_away();
    let mut failed = false;
    while let Some(event) = stream.next().await {
        failed |= event.is_err_and(|error| error.is_unavailable());
    }
    assert!(failed, "the reader is told");
}

/// Podman's streams of events miss some now and then.
#[tokio::test(start_paused = true)]
async fn starts_that_the_engine_does_not_tell_are_found() {
    let sim = engine();
    let second = Duration::from_secs(1);
    script(&sim, "job", SimProgram::new().prints(Duration::ZERO, "work").exits_after(second / 10, 3));
    script(&sim, "web", SimProgram::new().prints(Duration::ZERO, "hello").exits_after(10 * second, 0));
    let project = project([service("job"), service("web")]);
    let orchestrator = on(&sim, &project);
    let request = LogsRequest::default().with_follow_new(true).with_only_new(true);
    let mut stream = orchestrator.logs(&request).await.unwrap();
    sim.mute_events();
    orchestrator.up(&up()).await.unwrap();
    let mut told = Vec::new();
    while told.len() < 4 {
        told.push(text(&stream.next().await.unwrap().unwrap()));
    }
    assert!(sim.elapsed() < 11 * second, "{:?}", sim.elapsed());
    let last = told.pop();
    told.sort();
    assert_eq!(told, ["app-job-1 ended 3 false", "app-job-1 | work", "app-web-1 | hello"]);
    assert_eq!(last.as_deref(), Some("app-web-1 ended 0 false"));
    // The next run of a container that was there is found, too, and each only once.
    sim.start_container("app-web-1").await.unwrap();
    let mut told = Vec::new();
    while let Ok(event) = tokio::time::timeout(30 * second, stream.next()).await {
        told.push(text(&event.unwrap().unwrap()));
    }
    assert_eq!(told, ["app-web-1 | hello", "app-web-1 ended 0 false"]);
}
