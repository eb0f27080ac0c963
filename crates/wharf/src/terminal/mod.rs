//! The terminal: its size, and raw mode.

mod raw;

use runtime_core::TerminalSize;

pub(crate) use raw::RawMode;

/// What is assumed where there is no terminal, or one that does not know its size.
const USUAL: TerminalSize = TerminalSize { columns: 80, rows: 24 };

/// The size of the terminal on standard error, output or input.
pub(crate) fn size() -> TerminalSize {
    let streams = [rustix::stdio::stderr(), rustix::stdio::stdout(), rustix::stdio::stdin()];
    streams
        .iter()
        .find_map(|stream| rustix::termios::tcgetwinsize(stream).ok())
        .filter(|size| size.ws_col > 0 && size.ws_row > 0)
        .map_or(USUAL, |size| TerminalSize { columns: size.ws_col, rows: size.ws_row })
}
