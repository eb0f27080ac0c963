//! What the simulated engine is.

use std::time::Duration;

use runtime_core::{Capabilities, EngineInfo};

/// What the simulated engine says of itself, and how long its calls take.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SimConfig {
    /// Its answer to [`Runtime::info`](runtime_core::Runtime::info).
    pub info: EngineInfo,
    /// Its answer to [`Runtime::capabilities`](runtime_core::Runtime::capabilities).
    pub capabilities: Capabilities,
    /// Its answer to
    /// [`Runtime::prefer_self_probed_health`](runtime_core::Runtime::prefer_self_probed_health).
    pub prefer_self_probed_health: bool,
    /// How long each call takes, before what a program or a fault adds.
    pub latency: Duration,
}

/// An engine that leaves health to its caller, takes all networks at create and answers at once.
impl Default for SimConfig {
    fn default() -> Self {
        let mut info = EngineInfo::new("Simulated", "1.0.0");
        "1.44".clone_into(&mut info.api_version);
        "linux".clone_into(&mut info.os);
        "amd64".clone_into(&mut info.arch);
        "memory".clone_into(&mut info.endpoint);
        let mut capabilities = Capabilities::none();
        capabilities.networks_at_create = true;
        Self { info, capabilities, prefer_self_probed_health: true, latency: Duration::ZERO }
    }
}

impl SimConfig {
    /// Sets what it says of itself.
    #[must_use]
    pub fn with_info(mut self, info: EngineInfo) -> Self {
        self.info = info;
        self
    }

    /// Sets what it can do.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Sets whether health is left to the caller.
    #[must_use]
    pub fn with_self_probed_health(mut self, preferred: bool) -> Self {
        self.prefer_self_probed_health = preferred;
        self
    }

    /// Sets how long each call takes.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }
}
