//! `cargo xtask api-coverage TABLE...`: which rows of an endpoint table the API crates cover.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to the person who ran it")]

use std::process::ExitCode;

use http_endpoint::Descriptor;
use wharf_tests::coverage::{Deviation, Row, Verdict, compare};

/// Groups of Docker's API that Wharf has no use for.
const LEFT_OUT: &[(&str, &str)] = &[
    ("swarm", "Swarm mode is not what Compose runs on"),
    ("nodes", "Swarm mode is not what Compose runs on"),
    ("services", "Swarm mode is not what Compose runs on"),
    ("tasks", "Swarm mode is not what Compose runs on"),
    ("configs", "exists in Swarm mode only; Compose's configs are files"),
    ("secrets", "exists in Swarm mode only; Compose's secrets are files"),
    ("plugins", "engine plugins are the administrator's"),
];

/// Endpoints that a table has under another path.
const ALIASES: &[(&str, &str)] = &[("POST /containers/import/restore", "POST /containers/{}/restore")];

/// Where a real Podman differs from its table.
const LIBPOD: &[Deviation] = &[
    Deviation {
        endpoint: "POST /containers/{}/restore",
        parameter: "import",
        reason: "ContainerRestoreImport always sends it, ContainerRestore never",
    },
    Deviation {
        endpoint: "DELETE /manifests/{}",
        parameter: "digest",
        reason: "path versions before 4 take it, see ManifestRemoveImageV3",
    },
];

/// Where a real Docker differs from its table.
const DOCKER: &[Deviation] = &[
    Deviation {
        endpoint: "PUT /containers/{}/archive",
        parameter: "noOverwriteDirNonDir",
        reason: "the engine reads a flag",
    },
    Deviation {
        endpoint: "PUT /containers/{}/archive",
        parameter: "copyUIDGID",
        reason: "the engine reads a flag",
    },
    Deviation {
        endpoint: "GET /containers/{}/logs",
        parameter: "since",
        reason: "fractions of a second are understood, too",
    },
    Deviation {
        endpoint: "GET /containers/{}/logs",
        parameter: "until",
        reason: "fractions of a second are understood, too",
    },
    Deviation {
        endpoint: "GET /containers/{}/logs",
        parameter: "details",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /containers/{}/start",
        parameter: "checkpoint",
        reason: "of the experimental checkpoints, which the documentation leaves out",
    },
    Deviation {
        endpoint: "POST /containers/{}/start",
        parameter: "checkpoint-dir",
        reason: "of the experimental checkpoints, which the documentation leaves out",
    },
    Deviation { endpoint: "POST /build", parameter: "t", reason: "may be given more than once" },
    Deviation { endpoint: "POST /build", parameter: "extrahosts", reason: "may be given more than once" },
    Deviation { endpoint: "POST /build", parameter: "pull", reason: "the engine reads a flag" },
    Deviation {
        endpoint: "POST /build",
        parameter: "cpusetmems",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build",
        parameter: "ulimits",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build",
        parameter: "cgroupparent",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build",
        parameter: "securityopt",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build",
        parameter: "buildid",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build",
        parameter: "session",
        reason: "the engine reads it, Docker's documentation leaves it out",
    },
    Deviation {
        endpoint: "POST /build/prune",
        parameter: "keep-storage",
        reason: "the name of reserved-space before API 1.48",
    },
    Deviation { endpoint: "POST /commit", parameter: "changes", reason: "may be given more than once" },
];

fn main() -> ExitCode {
    let tables: Vec<String> = std::env::args().skip(1).collect();
    if tables.is_empty() {
        eprintln!(
            "error: name at least one table, a CSV file with the columns method, path, group and query_params"
        );
        return ExitCode::FAILURE;
    }
    let mut good = true;
    for table in &tables {
        match check(table) {
            Ok(covered) => good &= covered,
            Err(why) => {
                eprintln!("error: {table}: {why}");
                good = false;
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(table: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let rows = csv::Reader::from_path(table)?.into_deserialize().collect::<Result<Vec<Row>, _>>()?;
    let is_libpod = rows.iter().any(|row| row.path.contains("/libpod/"));
    let (groups, deviations) =
        if is_libpod { (libpod_api::GROUPS, LIBPOD) } else { (docker_api::GROUPS, DOCKER) };
    let declared: Vec<Descriptor> =
        groups.iter().flat_map(|(_, endpoints)| endpoints.iter().copied()).collect();
    let (verdicts, extra) = compare(&rows, &declared, ALIASES, LEFT_OUT, deviations);
    let (mut covered, mut left_out, mut wrong) = (0, 0, 0);
    for (row, verdict) in &verdicts {
        let path = row.path.strip_prefix("/v{version}").unwrap_or(&row.path);
        let what = format!("{:<6} {path}", row.method);
        match verdict {
            Verdict::Covered(types) => {
                covered += 1;
                println!("covered   {what}  {}", types.join(", "));
            }
            Verdict::LeftOut(reason) => {
                left_out += 1;
                println!("left out  {what}  {reason}");
            }
            Verdict::Wrong(why) => {
                wrong += 1;
                println!("WRONG     {what}  {}", why.join("; "));
            }
        }
    }
    for one in &extra {
        println!("WRONG     {one}");
    }
    for one in deviations.iter().filter(|one| rows.iter().any(|row| one.is_about(row))) {
        println!("deviates  {} {}: {}", one.endpoint, one.parameter, one.reason);
    }
    println!(
        "{table}: {} rows, {covered} covered, {left_out} left out, {wrong} wrong; {} declared and not in the table",
        rows.len(),
        extra.len()
    );
    Ok(wrong == 0 && extra.is_empty())
}
