//! Raw mode, given back on every way out.

use std::io;
use std::sync::{Mutex, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The settings from before, as long as the terminal is in raw mode: for the panic hook, which has no other access.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal on standard input in raw mode: every key goes to the process in the container, Ctrl-C too.
///
/// Dropping it gives the terminal back as it was; so does a panic, before its message is printed. Signals have to be
/// caught by whoever holds it.
#[derive(Debug)]
pub(crate) struct RawMode(());

impl RawMode {
    /// Switches raw mode on.
    ///
    /// # Errors
    /// If standard input is no terminal.
    pub(crate) fn enable() -> io::Result<Self> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        restore_on_panic();
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        let mode = Self(());
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw)?;
        Ok(mode)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        restore();
    }
}

fn restore() {
    // A lock that cannot be had is held by the same thread, which is at work here already.
    let Ok(mut before) = BEFORE.try_lock() else { return };
    if let Some(before) = before.take() {
        // Nothing can be done about a terminal that has gone.
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &before);
    }
}

fn restore_on_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            next(panic);
        }));
    });
}
