//! What `cargo xtask bench transport` measures, and with what: [`sock_transport`] with [`docker_api`] beside
//! [`bollard`], on a Unix socket, against a small server that answers both with the same prepared bytes.
//!
//! Both read every answer to its end and decode it into their own types; what they found is counted as a
//! [`Tally`] and compared with what the server sent, so that neither can be fast by skipping something.

pub mod answers;
pub mod cases;
pub mod peers;
pub mod server;

/// Why a measurement could not be made.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a client found in an answer, as far as both clients know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Values: requests answered, containers, events.
    pub values: u64,
    /// Bytes of texts and of standard output.
    pub bytes: u64,
    /// Numbers added up, and bytes of standard error.
    pub sum: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.values += other.values;
        self.bytes += other.bytes;
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

impl Tally {
    /// The same, `count` times.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self { values: self.values * count, bytes: self.bytes * count, sum: self.sum.wrapping_mul(count) }
    }
}
