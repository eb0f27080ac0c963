//! Exec.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use super::stage::{Check, Stage, drain};
use crate::{ExecSpec, TerminalSize};

cases! {
    Nothing { exec_exit_code, exec_exit_code_of_missing }
    Processes {
        exec_of_what_cannot_run, exec_splits_its_streams, exec_stdin_ends_with_its_shutdown, exec_without_stdin_reads_nothing,
        exec_large_stdin, exec_large_output, exec_output_comes_as_it_is_written, exec_tty, exec_tty_size_and_resize,
        exec_detached, exec_user, exec_env_and_working_dir, exec_privileged, exec_many_at_once,
        exec_by_a_signal, exec_ends_with_its_container,
    }
}

async fn exec_exit_code(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    for code in [0, 1, 42, 255] {
        let finished = stage.exec_script(&id, &format!("exit {code}")).await?;
        ensure_eq!(finished.code, code);
    }
    Ok(())
}

async fn exec_exit_code_of_missing(stage: &Stage) -> Check {
    ensure_error!(stage.runtime.exec_exit_code(&"0".repeat(64)).await, NotFound);
    Ok(())
}

async fn exec_of_what_cannot_run(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    // Docker has 126 for a program that is missing, too.
    let table: [(&str, &[i64]); 3] =
        [("no-such-program", &[126, 127]), ("/no/such/program", &[126, 127]), ("/etc/passwd", &[126])];
    for (command, codes) in table {
        let finished = stage.exec(&id, &ExecSpec::new([command])).await?;
        ensure!(codes.contains(&finished.code), "{command} should end with one of {codes:?}: {finished:?}");
    }
    Ok(())
}

async fn exec_splits_its_streams(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let finished = stage.exec_script(&id, "echo out; echo err >&2; printf last").await?;
    ensure_eq!((finished.out.as_str(), finished.err.as_str()), ("out\nlast", "err\n"));
    Ok(())
}

async fn exec_stdin_ends_with_its_shutdown(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["sh", "-c", "cat; echo end"]).with_stdin()).await?;
    let Some(mut stdin) = exec.session.stdin else { fail!("there is no stdin") };
    stdin.write_all(b"one\ntwo\n").await?;
    stdin.shutdown().await?;
    ensure_eq!(drain(exec.session.output).await?.out, "one\ntwo\nend\n");
    ensure_eq!(stage.runtime.exec_exit_code(&exec.id).await?, 0);
    Ok(())
}

async fn exec_without_stdin_reads_nothing(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["cat"])).await?;
    ensure!(exec.session.stdin.is_none(), "there is a stdin");
    ensure_eq!(drain(exec.session.output).await?.out, "");
    Ok(())
}

async fn exec_large_stdin(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["wc", "-c"]).with_stdin()).await?;
    let Some(mut stdin) = exec.session.stdin else { fail!("there is no stdin") };
    let block = vec![b'x'; 64 << 10];
    for _ in 0..64 {
        stdin.write_all(&block).await?;
    }
    stdin.shutdown().await?;
    ensure_eq!(drain(exec.session.output).await?.out.trim(), (4 << 20).to_string());
    Ok(())
}

async fn exec_large_output(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let spec = ExecSpec::new(["dd", "if=/dev/zero", "bs=1024", "count=10240"]);
    let exec = stage.runtime.exec(&id, &spec).await?;
    let mut output = exec.session.output;
    let mut bytes = 0;
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        if chunk.stream == crate::OutputStream::Stdout {
            bytes += chunk.bytes.len();
        }
    }
    ensure_eq!(bytes, 10 << 20);
    ensure_eq!(stage.runtime.exec_exit_code(&exec.id).await?, 0);
    Ok(())
}

async fn exec_output_comes_as_it_is_written(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["sh", "-c", "echo first; sleep 60"])).await?;
    let mut output = exec.session.output;
    let first = tokio::time::timeout(Duration::from_secs(20), output.next()).await?;
    let Some(first) = first else { fail!("the output ended") };
    ensure_eq!(first?.bytes.as_ref(), b"first\n");
    Ok(())
}

async fn exec_tty(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let script = "test -t 0 && test -t 1 && echo terminal; echo err >&2";
    let finished = stage.exec(&id, &ExecSpec::new(["sh", "-c", script]).with_tty()).await?;
    ensure_eq!((finished.out.as_str(), finished.err.as_str()), ("terminal\r\nerr\r\n", ""));
    Ok(())
}

async fn exec_tty_size_and_resize(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    // It prints its size again and again, until that is the second one.
    let script =
        "while :; do s=$(stty size); echo \"size $s\"; test \"$s\" = '11 77' && exit 0; sleep 0.05; done";
    let mut spec = ExecSpec::new(["sh", "-c", script]).with_tty().with_stdin();
    spec.size = Some(TerminalSize { columns: 101, rows: 33 });
    let exec = stage.runtime.exec(&id, &spec).await?;
    let mut output = exec.session.output;
    let mut seen = String::new();
    let mut resized = false;
    while let Some(chunk) = output.next().await {
        seen.push_str(&String::from_utf8_lossy(&chunk?.bytes));
        if !resized && seen.contains("size 33 101") {
            stage.runtime.resize_exec(&exec.id, TerminalSize { columns: 77, rows: 11 }).await?;
            resized = true;
        }
    }
    ensure!(resized, "the first size was never there: {seen:?}");
    ensure!(seen.contains("size 11 77"), "the second size was never there: {seen:?}");
    Ok(())
}

async fn exec_detached(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let spec = ExecSpec::new(["sh", "-c", "sleep 0.3; echo done > /tmp/done; exit 6"]);
    let exec = stage.runtime.exec_detached(&id, &spec).await?;
    ensure_eq!(stage.runtime.exec_exit_code(&exec).await?, 6);
    ensure_eq!(stage.exec_script(&id, "cat /tmp/done").await?.text()?, "done");
    Ok(())
}

async fn exec_user(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c");
    spec.user = Some("1111:2222".into());
    let id = stage.start(&spec).await?;
    let command = ["sh", "-c", "echo $(id -u) $(id -g)"];
    ensure_eq!(stage.exec(&id, &ExecSpec::new(command)).await?.text()?, "1111 2222", "the container's");
    for (user, expected) in [("root", "0 0"), ("0", "0 0"), ("3333:4444", "3333 4444")] {
        let finished = stage.exec(&id, &ExecSpec::new(command).with_user(user)).await?;
        ensure_eq!(finished.text()?, expected, "user {user}");
    }
    Ok(())
}

async fn exec_env_and_working_dir(stage: &Stage) -> Check {
    let mut container = stage.idle_spec("c");
    container.env = container.env.with("OWN", "container").with("BOTH", "container");
    container.working_dir = Some("/tmp".into());
    let id = stage.start(&container).await?;
    let mut spec = ExecSpec::new(["sh", "-c", "echo $OWN $BOTH $NEW; pwd"]);
    spec.env = spec.env.with("BOTH", "exec").with("NEW", "a=b");
    ensure_eq!(stage.exec(&id, &spec).await?.text()?, "container exec a=b\n/tmp");
    spec.working_dir = Some("/etc".into());
    ensure_eq!(stage.exec(&id, &spec).await?.text()?, "container exec a=b\n/etc");
    Ok(())
}

async fn exec_privileged(stage: &Stage) -> Check {
    let mut container = stage.idle_spec("c");
    container.cap_drop = vec!["ALL".into()];
    let id = stage.start(&container).await?;
    let mut spec = ExecSpec::new(["sh", "-c", "grep CapEff /proc/self/status | tr -d '\\t' | cut -d: -f2"]);
    ensure_eq!(stage.exec(&id, &spec).await?.text()?, "0000000000000000", "without");
    spec.privileged = true;
    let all = stage.exec(&id, &spec).await?;
    ensure!(all.text()? != "0000000000000000", "a privileged exec has no capabilities");
    Ok(())
}

async fn exec_many_at_once(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let scripts: Vec<String> = (0..12).map(|n| format!("echo {n}; exit {n}")).collect();
    let execs = scripts.iter().map(|script| stage.exec_script(&id, script));
    for (n, finished) in futures_util::future::join_all(execs).await.into_iter().enumerate() {
        let finished = finished?;
        ensure_eq!((finished.out.trim(), finished.code), (n.to_string().as_str(), n as i64));
    }
    Ok(())
}

async fn exec_by_a_signal(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    ensure_eq!(stage.exec_script(&id, "kill -9 $$").await?.code, 137);
    Ok(())
}

async fn exec_ends_with_its_container(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["sleep", "600"])).await?;
    stage.runtime.kill_container(&id, None).await?;
    let ended = tokio::time::timeout(Duration::from_secs(20), drain(exec.session.output)).await;
    ensure!(ended.is_ok(), "its output did not end within 20 s");
    Ok(())
}
