//! Limits.

use super::stage::{Check, Stage};
use crate::{RestartPolicy, Ulimit, WaitCondition};

cases! {
    Processes {
        limit_memory, limit_cpus, limit_pids, limit_files, limit_shm, limit_oom_score, restart_on_failure, restart_always_ends_with_a_stop,
        auto_remove,
    }
}

/// Reads a file of the container's cgroup, of version 2 or 1.
fn cgroup(v2: &str, v1: &str) -> String {
    format!("cd /sys/fs/cgroup; cat {v2} 2>/dev/null || cat {v1}")
}

async fn limit_memory(stage: &Stage) -> Check {
    let mut spec = stage.script("c", &cgroup("memory.max", "memory/memory.limit_in_bytes"));
    spec.resources.memory = Some(64 << 20);
    ensure_eq!(stage.output_of(&spec).await?, "67108864");
    Ok(())
}

async fn limit_cpus(stage: &Stage) -> Check {
    let mut spec = stage.script("c", &cgroup("cpu.max", "cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us"));
    spec.resources.cpus = Some(0.5);
    let text = stage.output_of(&spec).await?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    ensure!(numbers.len() == 2, "printed {text:?}");
    let share = numbers[0] / numbers[1];
    ensure!((0.49..0.51).contains(&share), "quota and period are {text:?}");
    Ok(())
}

async fn limit_pids(stage: &Stage) -> Check {
    let mut spec = stage.script("c", &cgroup("pids.max", "pids/pids.max"));
    spec.resources.pids = Some(77);
    ensure_eq!(stage.output_of(&spec).await?, "77");
    Ok(())
}

async fn limit_files(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "ulimit -Sn; ulimit -Hn");
    spec.ulimits.insert("nofile".into(), Ulimit { soft: 512, hard: 1024 });
    ensure_eq!(stage.output_of(&spec).await?, "512\n1024");
    Ok(())
}

async fn limit_shm(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "grep ' /dev/shm ' /proc/mounts");
    spec.shm_size = Some(3 << 20);
    let mount = stage.output_of(&spec).await?;
    ensure!(mount.contains("size=3072k"), "mounted as {mount:?}");
    Ok(())
}

async fn limit_oom_score(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "cat /proc/self/oom_score_adj");
    spec.resources.oom_score_adj = Some(500);
    ensure_eq!(stage.output_of(&spec).await?, "500");
    Ok(())
}

async fn restart_on_failure(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "echo run; exit 1");
    spec.restart = RestartPolicy::OnFailure(Some(2));
    let id = stage.start(&spec).await?;
    stage
        .until("the third exit", || async {
            let info = stage.runtime.inspect_container(&id).await?;
            let runs = stage.logs(&id, &Default::default()).await?.out.matches("run\n").count();
            Ok(runs == 3 && info.state.status == crate::ContainerStatus::Exited)
        })
        .await?;
    let info = stage.runtime.inspect_container(&id).await?;
    ensure_eq!((info.state.exit_code, info.restart_count), (1, 2));
    Ok(())
}

async fn restart_always_ends_with_a_stop(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "echo run; trap 'exit 0' TERM; sleep 0.2 & wait");
    spec.restart = RestartPolicy::Always;
    let id = stage.start(&spec).await?;
    stage
        .until("a second run", || async {
            Ok(stage.logs(&id, &Default::default()).await?.out.matches("run\n").count() >= 2)
        })
        .await?;
    stage.runtime.stop_container(&id, &Default::default()).await?;
    stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?;
    let runs = stage.logs(&id, &Default::default()).await?.out;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    ensure_eq!(stage.logs(&id, &Default::default()).await?.out, runs, "it was started again");
    Ok(())
}

async fn auto_remove(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "sleep 0.2; exit 4");
    spec.auto_remove = true;
    let id = stage.create(&spec).await?;
    let wait = stage.runtime.wait_container(&id, WaitCondition::Removed);
    let start = async { stage.runtime.start_container(&id).await };
    let (status, started) = tokio::join!(wait, start);
    started?;
    ensure_eq!(status?.code, 4);
    stage
        .until("its removal", || async {
            Ok(stage.runtime.inspect_container(&id).await.is_err_and(|error| error.is_not_found()))
        })
        .await
}
