//! The colours.

use anstyle::{AnsiColor, Style};

/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What goes on.
pub(crate) const BUSY: Style = AnsiColor::Cyan.on_default();
/// What waits.
pub(crate) const WAIT: Style = AnsiColor::Yellow.on_default();
/// What went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// `error:`
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// `warning:`
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `hint:`
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// Names.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is of less interest.
pub(crate) const DIM: Style = Style::new().dimmed();

/// The colours of log prefixes, one container after another.
pub(crate) const PREFIXES: [Style; 11] = [
    AnsiColor::Cyan.on_default(),
    AnsiColor::Yellow.on_default(),
    AnsiColor::Green.on_default(),
    AnsiColor::Magenta.on_default(),
    AnsiColor::Blue.on_default(),
    AnsiColor::BrightCyan.on_default(),
    AnsiColor::BrightYellow.on_default(),
    AnsiColor::BrightGreen.on_default(),
    AnsiColor::BrightMagenta.on_default(),
    AnsiColor::BrightBlue.on_default(),
    AnsiColor::BrightRed.on_default(),
];

/// `text` in a style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
