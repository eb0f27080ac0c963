//! The escape sequences that keep a block of rows at the bottom of a terminal. Without IO: rows and the size of the
//! terminal in, text out.

use std::fmt::Write as _;

use runtime_core::TerminalSize;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// The block of rows as it was drawn last. The cursor stands at the start of the line below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    /// Visible widths of the rows on the screen.
    drawn: Vec<usize>,
    unbounded: bool,
}

impl Screen {
    /// Lets the next drawing be higher than the screen: it is the last, and the rows may scroll.
    pub(super) fn unbounded(&mut self) {
        self.unbounded = true;
    }

    /// Takes the rows away.
    pub(super) fn erase(&mut self, size: TerminalSize) -> String {
        let mut text = self.to_top(size);
        text.push_str("\x1b[J");
        self.drawn.clear();
        text
    }

    /// Draws rows over those that are there. Rows that do not fit into the height are left out, each row is cut at
    /// the width.
    pub(super) fn draw(&mut self, rows: &[String], size: TerminalSize) -> String {
        let mut text = self.to_top(size);
        let height = if self.unbounded { usize::MAX } else { usize::from(size.rows.max(2)) - 1 };
        let width = usize::from(size.columns.max(1));
        let rows = rows.get(..height).unwrap_or(rows);
        self.drawn.clear();
        // Without automatic wrapping not even a character of unexpected width can break the count of lines.
        text.push_str("\x1b[?7l");
        for row in rows {
            let row = cut(row, width);
            let used = visible_width(&row);
            self.drawn.push(used);
            // At the right margin the cursor stands on the last character, which must not be erased.
            let erase = if used < width { "\x1b[K" } else { "" };
            // Writing to a String cannot fail.
            let _ = write!(text, "{row}{erase}\r\n");
        }
        text.push_str("\x1b[?7h\x1b[J");
        text
    }

    /// Moves to the first row. A terminal that became narrower has wrapped rows into several lines. What the
    /// terminal echoed below the rows (`^C`) stays on one line and is taken away by the next drawing.
    fn to_top(&self, size: TerminalSize) -> String {
        let width = usize::from(size.columns.max(1));
        let lines: usize = self.drawn.iter().map(|row| row.div_ceil(width).max(1)).sum();
        if lines == 0 { "\r".to_owned() } else { format!("\r\x1b[{lines}A") }
    }
}

/// How many columns a text takes, without its escape sequences.
pub(crate) fn visible_width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(UnicodeWidthStr::width).sum()
}

/// Cuts a text with colour sequences after `width` columns, with `…` as the last character, and ends its style.
fn cut(text: &str, width: usize) -> String {
    if visible_width(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        kept.push(char);
        if char == '\x1b' {
            // Our own sequences are all of the form `ESC [ ... letter`.
            for char in chars.by_ref() {
                kept.push(char);
                if char.is_ascii_alphabetic() {
                    break;
                }
            }
            continue;
        }
        used += char.width().unwrap_or(0);
        if used >= width {
            kept.pop();
            break;
        }
    }
    kept.push_str("…\x1b[0m");
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(columns: u16, rows: u16) -> TerminalSize {
        TerminalSize { columns, rows }
    }

    fn rows(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    /// A terminal that knows what a screen uses: text, `\r`, `\n`, `A`, `K`, `J`, colours and the wrapping switch.
    struct Terminal {
        lines: Vec<Vec<char>>,
        row: usize,
        column: usize,
        columns: usize,
        wrap: bool,
    }

    impl Terminal {
        fn new(columns: usize) -> Self {
            Self { lines: vec![Vec::new()], row: 0, column: 0, columns, wrap: true }
        }

        fn write(&mut self, text: &str) {
            let mut chars = text.chars();
            while let Some(char) = chars.next() {
                match char {
                    '\r' => self.column = 0,
                    '\n' => self.down(),
                    '\x1b' => self.sequence(&mut chars),
                    char => self.put(char),
                }
            }
        }

        fn sequence(&mut self, chars: &mut std::str::Chars<'_>) {
            assert_eq!(chars.next(), Some('['));
            let mut number = String::new();
            let end = loop {
                match chars.next().expect("a sequence ends") {
                    char if char.is_ascii_alphabetic() => break char,
                    char => number.push(char),
                }
            };
            match (end, number.as_str()) {
                ('A', count) => self.row = self.row.saturating_sub(count.parse().expect("a number")),
                ('K', "") => self.lines[self.row].truncate(self.column.min(self.columns - 1)),
                ('J', "") => {
                    self.lines.truncate(self.row + 1);
                    self.lines[self.row].truncate(self.column);
                }
                ('l', "?7") => self.wrap = false,
                ('h', "?7") => self.wrap = true,
                ('m', _) => {}
                other => panic!("unknown sequence {other:?}"),
            }
        }

        fn put(&mut self, char: char) {
            if self.column == self.columns {
                if !self.wrap {
                    return;
                }
                self.down();
                self.column = 0;
            }
            let line = &mut self.lines[self.row];
            if line.len() <= self.column {
                line.resize(self.column + 1, ' ');
            }
            line[self.column] = char;
            self.column += 1;
        }

        fn down(&mut self) {
            self.row += 1;
            if self.lines.len() == self.row {
                self.lines.push(Vec::new());
            }
        }

        /// As terminals do it that reflow: a line that is too long continues on the next.
        fn narrow(&mut self, columns: usize) {
            let mut lines = Vec::new();
            for line in &self.lines {
                if line.is_empty() {
                    lines.push(Vec::new());
                }
                lines.extend(line.chunks(columns).map(<[char]>::to_vec));
            }
            self.row = lines.len() - 1;
            self.lines = lines;
            self.columns = columns;
        }

        fn text(&self) -> String {
            let lines: Vec<String> = self.lines.iter().map(|line| line.iter().collect()).collect();
            lines.join("\n")
        }
    }

    #[test]
    fn a_drawing_takes_the_place_of_the_one_before() {
        let mut screen = Screen::default();
        let mut terminal = Terminal::new(20);
        terminal.write("$ wharf up\r\n");
        terminal.write(&screen.draw(&rows(&["one: starting", "two", "three"]), size(20, 10)));
        terminal.write(&screen.draw(&rows(&["one: up", "two"]), size(20, 10)));
        assert_eq!(terminal.text(), "$ wharf up\none: up\ntwo\n");
    }

    #[test]
    fn an_interrupt_that_the_terminal_echoes_leaves_nothing_behind() {
        let mut screen = Screen::default();
        let mut terminal = Terminal::new(12);
        terminal.write(&screen.draw(&rows(&["a row of 12.", "another row!"]), size(12, 10)));
        terminal.write("^C");
        terminal.write(&screen.draw(&rows(&["a row of 12.", "it stopped"]), size(12, 10)));
        assert_eq!(terminal.text(), "a row of 12.\nit stopped\n");
    }

    #[test]
    fn rows_are_cut_at_the_width_and_keep_their_colours() {
        let mut screen = Screen::default();
        let mut terminal = Terminal::new(10);
        let text = screen.draw(&rows(&["\x1b[32mtoo long a row\x1b[0m", "日本日本日本日本"]), size(10, 5));
        assert!(text.contains("\x1b[32mtoo long …\x1b[0m"), "{text:?}");
        terminal.write(&text);
        assert_eq!(terminal.lines.len(), 3);
        assert!(terminal.text().starts_with("too long …\n"), "{}", terminal.text());
        assert_eq!(visible_width("日本日本…"), 9);
    }

    #[test]
    fn more_rows_than_lines_never_scroll_the_screen() {
        let mut screen = Screen::default();
        let many: Vec<String> = (0..50).map(|n| format!("row {n}")).collect();
        let text = screen.draw(&many, size(20, 6));
        assert_eq!(text.matches('\n').count(), 5);
        screen.unbounded();
        assert_eq!(screen.draw(&many, size(20, 6)).matches('\n').count(), 50);
    }

    #[test]
    fn a_terminal_that_became_narrower_is_drawn_over_completely() {
        let mut screen = Screen::default();
        let mut terminal = Terminal::new(20);
        terminal.write("before\r\n");
        terminal.write(&screen.draw(&rows(&["a row of 18 chars.", "short"]), size(20, 10)));
        terminal.narrow(8);
        terminal.write(&screen.draw(&rows(&["a row", "short"]), size(8, 10)));
        assert_eq!(terminal.text(), "before\na row\nshort\n");
    }

    #[test]
    fn what_is_written_in_between_stands_above_the_rows() {
        let mut screen = Screen::default();
        let mut terminal = Terminal::new(20);
        terminal.write(&screen.draw(&rows(&["one", "two"]), size(20, 10)));
        terminal.write(&screen.erase(size(20, 10)));
        terminal.write("web-1 | hello\r\n");
        terminal.write(&screen.draw(&rows(&["one", "two"]), size(20, 10)));
        assert_eq!(terminal.text(), "web-1 | hello\none\ntwo\n");
    }
}
