//! Deadlines and bounds of a client.

use std::time::Duration;

/// Deadlines and bounds of a [`Client`](crate::Client). Start with [`Config::default`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// How many control connections may be open at once. Default 16, at least 1.
    pub max_connections: usize,
    /// How long connecting to the socket may take. Default 5 s.
    pub connect_timeout: Duration,
    /// How long the engine may take to begin its answer. Default 60 s; `None` waits for ever.
    pub header_timeout: Option<Duration>,
    /// How long the engine may pause within a bounded answer. Default 60 s; `None` waits for ever.
    /// Streams have no such deadline.
    pub idle_body_timeout: Option<Duration>,
    /// The largest bounded answer in bytes. Default 64 MiB.
    pub max_body: usize,
    /// The largest value of a JSON stream in bytes. Default 64 MiB.
    pub max_json_value: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_connections: 16,
            connect_timeout: Duration::from_secs(5),
            header_timeout: Some(Duration::from_secs(60)),
            idle_body_timeout: Some(Duration::from_secs(60)),
            max_body: 64 << 20,
            max_json_value: crate::codec::JsonSplitter::DEFAULT_LIMIT,
        }
    }
}

impl Config {
    /// Sets how many control connections may be open at once; 0 counts as 1.
    #[must_use]
    pub const fn with_max_connections(mut self, count: usize) -> Self {
        self.max_connections = if count == 0 { 1 } else { count };
        self
    }

    /// Sets how long connecting to the socket may take.
    #[must_use]
    pub const fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long the engine may take to begin its answer; `None` waits for ever.
    #[must_use]
    pub fn with_header_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.header_timeout = timeout.into();
        self
    }

    /// Sets how long the engine may pause within a bounded answer; `None` waits for ever.
    #[must_use]
    pub fn with_idle_body_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_body_timeout = timeout.into();
        self
    }

    /// Sets the largest bounded answer, in bytes.
    #[must_use]
    pub const fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets the largest value of a JSON stream, in bytes.
    #[must_use]
    pub const fn with_max_json_value(mut self, bytes: usize) -> Self {
        self.max_json_value = bytes;
        self
    }
}
