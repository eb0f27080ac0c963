//! Words for the person who ran the command.

/// Prints a line. A reader that went away early (`| head`) is no reason to break off half-way.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

pub(crate) use say;
