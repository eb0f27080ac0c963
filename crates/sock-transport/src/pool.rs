//! The control connections: few, kept alive, shared fairly.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::connect::connect;
use crate::connection::Connection;
use crate::error::Reason;

/// How long a connection may have been idle and still carry a request that must not be sent twice. An
/// engine that is about to close idle connections picks those that have been idle for long.
const FRESH: Duration = Duration::from_secs(1);

pub(crate) struct Pool {
    pub(crate) socket: PathBuf,
    pub(crate) connect_timeout: Duration,
    limit: usize,
    turns: Semaphore,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// The most recently used last.
    idle: VecDeque<Idle>,
    /// Open connections, idle and lent.
    open: usize,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

/// Which idle connection will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// Any that lives.
    Any,
    /// One that was in use a moment ago.
    Recent,
    /// None: connect.
    Never,
}

/// A turn at the control connections. Turns are given in the order in which they were asked for.
pub(crate) struct Turn<'p> {
    pool: &'p Pool,
    _permit: SemaphorePermit<'p>,
}

/// A control connection for the length of one request. Dropping it closes the connection;
/// [`Lease::give_back`] keeps it.
pub(crate) struct Lease<'t> {
    pub(crate) connection: Connection,
    /// Whether it has carried a request before.
    pub(crate) reused: bool,
    place: Place<'t>,
}

/// One of the places that the bound allows.
struct Place<'t> {
    pool: &'t Pool,
    kept: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.pool.shelf().open -= 1;
        }
    }
}

impl Pool {
    pub(crate) fn new(socket: PathBuf, limit: usize, connect_timeout: Duration) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        Self { socket, connect_timeout, limit, turns: Semaphore::new(limit), shelf: Mutex::default() }
    }

    /// A connection outside of the bound.
    pub(crate) async fn connect(&self) -> Result<Connection, Reason> {
        Connection::new(connect(&self.socket, self.connect_timeout).await?).await
    }

    /// Waits for a turn. Cancel safe: dropping the future gives up the place in the queue.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = self.turns.acquire().await {
                return Turn { pool: self, _permit: permit };
            }
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a living idle connection, and closes those that turn out dead.
    fn take_idle(&self, reuse: Reuse) -> Option<Connection> {
        let mut shelf = self.shelf();
        loop {
            let idle = match reuse {
                Reuse::Never => return None,
                Reuse::Any => shelf.idle.pop_back()?,
                Reuse::Recent => shelf.idle.pop_back_if(|idle| idle.since.elapsed() <= FRESH)?,
            };
            if idle.connection.is_usable() {
                return Some(idle.connection);
            }
            shelf.open -= 1;
        }
    }

    /// Makes room for one more connection, at the cost of the one that has been idle for longest.
    fn place(&self) -> Place<'_> {
        let mut shelf = self.shelf();
        if shelf.open >= self.limit && shelf.idle.pop_front().is_some() {
            shelf.open -= 1;
        }
        shelf.open += 1;
        Place { pool: self, kept: false }
    }
}

impl Turn<'_> {
    /// A connection for one request.
    ///
    /// Cancel safe: a connection that was being made is closed.
    pub(crate) async fn lease(&mut self, reuse: Reuse) -> Result<Lease<'_>, Reason> {
        if let Some(connection) = self.pool.take_idle(reuse) {
            let place = Place { pool: self.pool, kept: false };
            return Ok(Lease { connection, reused: true, place });
        }
        let place = self.pool.place();
        let connection = self.pool.connect().await?;
        Ok(Lease { connection, reused: false, place })
    }
}

impl Lease<'_> {
    /// Ends the lease after a whole answer. The connection is kept if it can be used again.
    pub(crate) async fn give_back(mut self) {
        if self.connection.settle().await {
            let Self { connection, mut place, .. } = self;
            place.kept = true;
            place.pool.shelf().idle.push_back(Idle { connection, since: Instant::now() });
        }
    }
}
