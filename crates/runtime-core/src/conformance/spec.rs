//! What a specification asks for, seen from inside.

use super::stage::{Check, Stage};
use crate::{EndpointSpec, NetworkMode};

cases! {
    Processes {
        spec_env, spec_user_and_group, spec_group_add, spec_working_dir, spec_hostname, spec_tty, spec_command_and_entrypoint,
        spec_init, spec_capabilities, spec_read_only, spec_sysctl, spec_no_new_privileges, spec_extra_hosts,
        spec_dns, spec_network_none, spec_network_of_another_container, spec_network_host, spec_pid_of_another_container,
        spec_annotations_and_odd_labels,
    }
}

async fn spec_env(stage: &Stage) -> Check {
    let mut spec = stage.script(
        "c",
        "printf '%s|' \"$PLAIN\" \"$EQUAL\" \"$SPACE\" \"$EMPTY\" \"$WIDE\"; env | grep -c ^EMPTY=",
    );
    spec.env = spec.env.with("PLAIN", "1").with("EQUAL", "a=b=c").with("SPACE", " a  b ");
    spec.env = spec.env.with("EMPTY", "").with("WIDE", "grün $HOME");
    ensure_eq!(stage.output_of(&spec).await?, "1|a=b=c| a  b ||grün $HOME|1");
    Ok(())
}

async fn spec_user_and_group(stage: &Stage) -> Check {
    for (n, (user, expected)) in
        [("1234:5678", "1234 5678"), ("4321", "4321 0"), ("root", "0 0")].into_iter().enumerate()
    {
        let mut spec = stage.script(&format!("u{n}"), "echo $(id -u) $(id -g)");
        spec.user = Some(user.into());
        ensure_eq!(stage.output_of(&spec).await?, expected, "user {user}");
    }
    Ok(())
}

async fn spec_group_add(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "id -G");
    spec.user = Some("1000".into());
    spec.group_add = vec!["4321".into()];
    let groups = stage.output_of(&spec).await?;
    ensure!(groups.split(' ').any(|group| group == "4321"), "groups {groups}");
    Ok(())
}

async fn spec_working_dir(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "pwd");
    spec.working_dir = Some("/made/for this".into());
    ensure_eq!(stage.output_of(&spec).await?, "/made/for this");
    Ok(())
}

async fn spec_hostname(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "hostname");
    spec.hostname = Some("conform".into());
    ensure_eq!(stage.output_of(&spec).await?, "conform");
    let id = stage.create(&stage.script("d", "hostname")).await?;
    stage.runtime.start_container(&id).await?;
    stage.runtime.wait_container(&id, crate::WaitCondition::NotRunning).await?;
    ensure_eq!(stage.logs(&id, &Default::default()).await?.text()?, &id[..12], "without one");
    Ok(())
}

async fn spec_tty(stage: &Stage) -> Check {
    let script = "test -t 1 && echo terminal; echo err >&2";
    let mut spec = stage.script("c", script);
    ensure_eq!(stage.output_of(&stage.script("plain", "test -t 1 || echo none")).await?, "none");
    spec.tty = true;
    let finished = stage.run(&spec).await?;
    ensure_eq!(finished.out, "terminal\r\nerr\r\n", "one raw stream");
    ensure_eq!(finished.err, "");
    ensure!(stage.runtime.inspect_container(&spec.name).await?.tty, "inspect tells of no terminal");
    Ok(())
}

async fn spec_command_and_entrypoint(stage: &Stage) -> Check {
    let mut spec = stage.command("c", ["one", "two words"]);
    spec.entrypoint = Some(vec!["printf".into(), "%s,".into(), "zero".into()]);
    ensure_eq!(stage.output_of(&spec).await?, "zero,one,two words,");
    let info = stage.runtime.inspect_container(&spec.name).await?;
    ensure_eq!(info.entrypoint, ["printf", "%s,", "zero"]);
    ensure_eq!(info.command, ["one", "two words"]);
    Ok(())
}

async fn spec_init(stage: &Stage) -> Check {
    // With an init the shell is not the first process, and gets the signal of a stop.
    let mut spec = stage.script("c", "cat /proc/1/comm; echo $$");
    spec.init = Some(true);
    let out = stage.output_of(&spec).await?;
    let Some((first, own)) = out.split_once('\n') else { fail!("printed {out:?}") };
    ensure!(first != "sh" && own != "1", "process 1 is {first}, the shell is {own}");
    Ok(())
}

async fn spec_capabilities(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "grep CapEff /proc/self/status | tr -d '\\t' | cut -d: -f2");
    spec.cap_drop = vec!["ALL".into()];
    spec.cap_add = vec!["NET_RAW".into(), "CAP_CHOWN".into()];
    ensure_eq!(stage.output_of(&spec).await?, "0000000000002001", "NET_RAW and CHOWN");
    Ok(())
}

async fn spec_read_only(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "touch /file && echo written");
    spec.read_only = true;
    let finished = stage.run(&spec).await?;
    ensure!(finished.code != 0 && finished.err.contains("Read-only"), "it was written: {finished:?}");
    Ok(())
}

async fn spec_sysctl(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start");
    spec.sysctls.insert("net.ipv4.ip_unprivileged_port_start".into(), "1017".into());
    ensure_eq!(stage.output_of(&spec).await?, "1017");
    Ok(())
}

async fn spec_no_new_privileges(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "grep NoNewPrivs /proc/self/status | tr -d '\\t'");
    spec.security_opt = vec!["no-new-privileges".into()];
    ensure_eq!(stage.output_of(&spec).await?, "NoNewPrivs:1");
    Ok(())
}

async fn spec_extra_hosts(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "grep -w far /etc/hosts | tr '\\t' ' '");
    spec.extra_hosts = vec!["far:192.0.2.7".into()];
    ensure_eq!(stage.output_of(&spec).await?, "192.0.2.7 far");
    Ok(())
}

async fn spec_dns(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "cat /etc/resolv.conf");
    spec.dns = vec!["192.0.2.53".into()];
    spec.dns_search = vec!["conform.test".into()];
    spec.dns_options = vec!["ndots:3".into()];
    let text = stage.output_of(&spec).await?;
    for wanted in ["192.0.2.53", "conform.test", "ndots:3"] {
        ensure!(text.contains(wanted), "{wanted} is not in {text:?}");
    }
    Ok(())
}

async fn spec_network_none(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "ls /sys/class/net");
    spec.network_mode = NetworkMode::None;
    ensure_eq!(stage.output_of(&spec).await?, "lo");
    Ok(())
}

async fn spec_network_of_another_container(stage: &Stage) -> Check {
    let first = stage.idle("first").await?;
    let space = stage.exec_script(&first, "readlink /proc/self/ns/net").await?;
    for (suffix, other) in [("id", first.clone()), ("name", stage.name("first"))] {
        let mut spec = stage.script(suffix, "readlink /proc/self/ns/net");
        spec.network_mode = NetworkMode::Container(other);
        ensure_eq!(stage.output_of(&spec).await?, space.text()?, "the namespace, by {suffix}");
    }
    Ok(())
}

async fn spec_network_host(stage: &Stage) -> Check {
    let mut spaces = Vec::new();
    for suffix in ["a", "b"] {
        let mut spec = stage.script(suffix, "readlink /proc/self/ns/net");
        spec.network_mode = NetworkMode::Host;
        spaces.push(stage.output_of(&spec).await?);
    }
    ensure_eq!(spaces[0], spaces[1], "one namespace for both");
    let own = stage.output_of(&stage.script("own", "readlink /proc/self/ns/net")).await?;
    ensure!(own != spaces[0], "a container without a mode is in the host's network");
    Ok(())
}

async fn spec_pid_of_another_container(stage: &Stage) -> Check {
    let first = stage.idle("first").await?;
    let mut spec = stage.script("c", "readlink /proc/self/ns/pid");
    spec.pid = Some(format!("container:{first}"));
    let space = stage.exec_script(&first, "readlink /proc/self/ns/pid").await?;
    ensure_eq!(stage.output_of(&spec).await?, space.text()?);
    Ok(())
}

async fn spec_annotations_and_odd_labels(stage: &Stage) -> Check {
    let odd = "quote \" and \\ and 'x' and , and \n and ü";
    let mut spec = stage.idle_spec("c").with_label("odd.label", odd);
    spec.annotations.insert("org.example.note".into(), "kept".into());
    spec.network_mode = NetworkMode::Networks;
    let network = stage.network("net").await?;
    spec.networks.insert(network, EndpointSpec::default());
    let id = stage.start(&spec).await?;
    let info = stage.runtime.inspect_container(&id).await?;
    ensure_eq!(info.labels.get("odd.label").map(String::as_str), Some(odd));
    Ok(())
}
