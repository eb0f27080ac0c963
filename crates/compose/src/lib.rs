//! Runs Compose projects on any Runtime: observe, plan, execute, and probe health.
