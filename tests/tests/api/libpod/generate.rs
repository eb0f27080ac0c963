//! Units of systemd.

use libpod_api::generate::GenerateSystemd;
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    helper::container(t, &name, json!({})).await?;
    let generate = GenerateSystemd::new(&name)
        .with_use_name(true)
        .with_no_header(true)
        .with_container_prefix("unit")
        .with_separator("_")
        .with_restart_policy("always")
        .with_restart_sec(4_u32)
        .with_start_timeout(80_u32)
        .with_stop_timeout(7_u32)
        .with_wants(vec!["wharf-a.service".to_owned(), "wharf-b.service".to_owned()])
        .with_after(vec!["wharf-a.service".to_owned()])
        .with_requires(vec!["wharf-c.service".to_owned()])
        .with_additional_env_variables(vec!["COLOUR=blue".to_owned()]);
    let units = t.call(&generate).await?;
    let unit = units.get(&format!("unit_{name}")).ok_or_else(|| format!("{:?}", units.keys()))?;
    // Podman 4.3 reads the seconds and forgets them.
    holds!(t.version() < (5, 0) || unit.contains("\nRestartSec=4\n"), "{unit}");
    for line in [
        "Restart=always",
        "TimeoutStartSec=80",
        "Wants=wharf-a.service wharf-b.service",
        "Requires=wharf-c.service",
        "Environment=COLOUR=blue",
    ] {
        holds!(unit.lines().any(|found| found == line), "{line} is not in\n{unit}");
    }
    holds!(unit.contains("-t 7"), "{unit}");
    t.refused(&GenerateSystemd::new(&nobody), 500).await?;
    Ok(())
}
