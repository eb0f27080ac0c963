//! `cargo xtask bench compose-file`: `wharf config -q` of large projects, beside `docker-compose` and `podup`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use clap::Args;

use super::flat;
use crate::failure::{Context, Failure, Result};
use crate::say::say;
use crate::{bed, parts, run, workspace};

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct ComposeFile {
    /// Rounds of each case, of which the median is printed. Peers have one round from 10,000 services on.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Numbers of services.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100, 1000, 10_000])]
    sizes: Vec<usize>,
}

/// A command that takes longer is ended, and has no figures.
const CUT: Duration = Duration::from_secs(60);
/// From this many services on, peers have one round.
const LARGE: usize = 10_000;
/// Makes a file with a number of services.
type Services = fn(usize) -> String;

/// What the services are like: `small` ones of four attributes in a line, and `full` ones as in a large project.
const KINDS: [(&str, Services); 2] = [("small", flat), ("full", full)];
/// Names programs to compare with: `docker-compose` and `podup`.
const PEERS: [(&str, &str); 2] =
    [("docker-compose", "WHARF_TEST_DOCKER_COMPOSE"), ("podup", "WHARF_BENCH_PODUP")];

/// A program, and the arguments after the files.
struct Tool {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
}

/// What one command took: milliseconds on the clock and of the processor, and the peak of its memory in MB.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sample {
    wall: f64,
    processor: f64,
    memory: f64,
}

/// Builds `wharf` for release, makes the files in a temporary folder, and prints the table.
pub(super) fn run(options: &ComposeFile) -> Result<()> {
    if !["bash", "time", "timeout"].into_iter().all(run::installed) {
        return Err(Failure::new(
            "this measures with bash, GNU time and timeout: apt-get install bash time coreutils",
        ));
    }
    parts::shown(workspace::cargo().args(["build", "--release", "--locked", "--package", "wharf"]))?;
    let program = workspace::target_dir()?.join("release").join("wharf");
    let mut tools = vec![Tool { name: "wharf", program, arguments: &["config", "-q"] }];
    tools.extend(peers());
    let folder = std::env::temp_dir().join(format!("wharf-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(|| format!("cannot make {}", folder.display()))?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    say!("load at the start: {}", load.trim());
    say!(
        "medians of {} rounds; x is the ratio to wharf; - was ended after {CUT:?} or failed\n",
        options.rounds
    );
    say!(
        "{:<6} {:>8} {:<15} {:>9} {:>7} {:>9} {:>7} {:>8} {:>7}",
        "kind",
        "services",
        "tool",
        "wall ms",
        "x",
        "cpu ms",
        "x",
        "peak MB",
        "x"
    );
    let file = folder.join("compose.yaml");
    for (kind, write) in KINDS {
        for &size in &options.sizes {
            std::fs::write(&file, write(size)).context(|| format!("cannot write {}", file.display()))?;
            let medians = measure(&tools, &file, size, options.rounds)?;
            for (tool, median) in tools.iter().zip(&medians) {
                say!("{}", row(kind, size, tool.name, *median, medians[0]));
            }
        }
    }
    std::fs::remove_dir_all(&folder).context(|| format!("cannot remove {}", folder.display()))
}

/// Services of eleven attributes in short and long forms, about 700 bytes each, in a chain of dependencies.
fn full(count: usize) -> String {
    let mut file = String::from("networks: {front: {}, back: {}}\nvolumes: {data: {}}\nservices:\n");
    for n in 1..=count {
        let _ = write!(
            file,
            r#"  s{n}:
    image: registry.example.com/team/service-{n}:1.4
    command: ["serve", "--port", "8080"]
    restart: unless-stopped
    environment:
      LOG_LEVEL: info
      DATABASE_URL: postgres://db/app
      REGION: ${{REGION:-eu-west-1}}
    ports:
      - "{port}:8080"
    volumes:
      - data:/var/lib/service
      - ./conf:/etc/service:ro
    networks: [front, back]
    labels:
      com.example.team: core
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
      interval: 10s
      timeout: 3s
      retries: 5
    deploy:
      resources:
        limits: {{cpus: "0.5", memory: 256M}}
"#,
            port = 10_000 + n
        );
        if n > 1 {
            let _ = writeln!(file, "    depends_on:\n      s{}: {{condition: service_healthy}}", n - 1);
        }
    }
    file
}

/// The programs to compare with that are there; says which are not.
fn peers() -> Vec<Tool> {
    let mut found = Vec::new();
    for (name, variable) in PEERS {
        let given = std::env::var_os(variable).map(PathBuf::from);
        let program = given.or_else(|| if name == "podup" { on_path(name) } else { bed::docker_compose() });
        // podup has no `-q`; what it prints is thrown away.
        let arguments: &[&str] = if name == "podup" { &["config"] } else { &["config", "-q"] };
        match program {
            Some(program) => found.push(Tool { name, program, arguments }),
            None => say!("{name} is left out: {variable} does not name it, and it is not on the PATH"),
        }
    }
    found
}

fn on_path(name: &str) -> Option<PathBuf> {
    let search = std::env::var_os("PATH")?;
    std::env::split_paths(&search).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The medians of every tool. The tools take turns, so that what else the machine does meets all of them.
fn measure(tools: &[Tool], file: &Path, size: usize, rounds: usize) -> Result<Vec<Option<Sample>>> {
    let mut samples: Vec<Vec<Sample>> = tools.iter().map(|_| Vec::new()).collect();
    let mut ended = vec![false; tools.len()];
    for round in 0..rounds.max(1) {
        for (index, tool) in tools.iter().enumerate() {
            let is_enough = index > 0 && size >= LARGE && round > 0;
            if is_enough || ended[index] {
                continue;
            }
            match sample(tool, file, (200 / size).clamp(1, 10))? {
                Some(sample) => samples[index].push(sample),
                None => ended[index] = true,
            }
        }
    }
    Ok(samples.iter().map(|samples| median(samples)).collect())
}

/// Runs a tool `times` times for the times and once more for the memory. `None`: it was ended, or failed.
fn sample(tool: &Tool, file: &Path, times: usize) -> Result<Option<Sample>> {
    let Some(memory) = peak(tool, file)? else { return Ok(None) };
    // The shell's own `time` counts the processor's time of what it runs in microseconds; /proc has ticks of 10 ms.
    let script = r#"TIMEFORMAT='%R %U %S'; n=$1; shift; time for ((i = 0; i < n; i++)); do "$@" >/dev/null 2>&1 || exit 1; done"#;
    let mut shell = run::command("bash");
    shell.args(["-c", script, "bash", &times.to_string()]).arg(&tool.program).arg("-f").arg(file);
    shell.args(tool.arguments).stderr(Stdio::piped());
    let text = match shell.output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stderr).into_owned(),
        Ok(_) => return Ok(None),
        Err(error) => return Err(Failure::new(format!("cannot run bash: {error}"))),
    };
    let seconds: Vec<f64> =
        text.lines().last().unwrap_or_default().split(' ').filter_map(|word| word.parse().ok()).collect();
    let [wall, user, system] = *seconds.as_slice() else {
        return Err(Failure::new(format!("bash timed {} and said {text:?}", tool.name)));
    };
    let each = 1000.0 / f64::from(u32::try_from(times).unwrap_or(1));
    Ok(Some(Sample { wall: wall * each, processor: (user + system) * each, memory }))
}

/// The peak of a tool's memory in MB, as the kernel counts it when it ends: some end too soon to be looked at while they
/// run. `None`: it was ended, or failed.
fn peak(tool: &Tool, file: &Path) -> Result<Option<f64>> {
    let output = file.with_extension("memory");
    let mut command = run::command("time");
    command.args(["--quiet", "-f", "%M", "-o"]).arg(&output);
    command.args(["timeout", &CUT.as_secs().to_string()]).arg(&tool.program).arg("-f").arg(file);
    command.args(tool.arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let ended = command.status().context(|| format!("cannot run {}", run::describe(&command)))?;
    let text = std::fs::read_to_string(&output).context(|| format!("cannot read {}", output.display()))?;
    let kilobytes = text.trim().parse::<f64>().ok().filter(|_| ended.success());
    Ok(kilobytes.map(|kilobytes| kilobytes / 1024.0))
}

fn median(samples: &[Sample]) -> Option<Sample> {
    let middle = |pick: fn(&Sample) -> f64| {
        let mut values: Vec<f64> = samples.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Sample {
        wall: middle(|sample| sample.wall)?,
        processor: middle(|sample| sample.processor)?,
        memory: middle(|sample| sample.memory)?,
    })
}

fn row(kind: &str, size: usize, tool: &str, median: Option<Sample>, ours: Option<Sample>) -> String {
    let mut text = format!("{kind:<6} {size:>8} {tool:<15}");
    let Some(found) = median else {
        let _ = write!(text, " {:>9} {:>7} {:>9} {:>7} {:>8} {:>7}", "-", "", "-", "", "-", "");
        return text.trim_end().to_owned();
    };
    let ours = ours.unwrap_or_default();
    for (value, own, width) in
        [(found.wall, ours.wall, 9), (found.processor, ours.processor, 9), (found.memory, ours.memory, 8)]
    {
        let _ = write!(text, " {value:>width$.1} {:>7.2}", value / own);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(wall: f64) -> Sample {
        Sample { wall, processor: wall / 2.0, memory: 10.0 }
    }

    #[test]
    fn a_row_gives_the_median_and_its_ratio_to_ours() {
        let theirs = median(&[sample(9.0), sample(30.0), sample(8.0)]);
        let text = row("full", 100, "podup", theirs, Some(sample(3.0)));
        let words: Vec<_> = text.split_whitespace().collect();
        assert_eq!(words, ["full", "100", "podup", "9.0", "3.00", "4.5", "3.00", "10.0", "1.00"]);
    }

    #[test]
    fn a_tool_that_was_ended_has_no_figures() {
        assert_eq!(median(&[]), None);
        assert_eq!(row("full", 100, "podup", None, Some(sample(3.0))).split_whitespace().last(), Some("-"));
    }
}
