//! Tables as Docker prints them: a line of headings, columns three spaces apart.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

const GAP: usize = 3;

/// A table that is laid out when all rows are known.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of headings.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()] }
    }

    /// Adds a row. Control characters in a cell become spaces.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let cells = cells.map(|cell| {
            if cell.contains(char::is_control) { cell.replace(char::is_control, " ") } else { cell }
        });
        self.rows.push(cells.to_vec());
    }

    /// The whole table; the last column is not padded.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                self.rows.iter().filter_map(|row| row.get(column)).map(|c| c.width()).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let padding = width + GAP - cell.width();
                // Writing to a String cannot fail.
                let _ = write!(line, "{cell}{:padding$}", "");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_lines_end_without_spaces() {
        let mut table = Table::new(["NAME", "STATUS", "PORTS"]);
        table.row(["a".into(), "Up 2 minutes (healthy)".into(), "80/tcp".into()]);
        table.row(["a-long-name".into(), "Exited (0)".into(), String::new()]);
        table.row(["日本".into(), "odd\ncell".into(), "x".into()]);
        insta::assert_snapshot!(table.render(), @r"
        NAME          STATUS                   PORTS
        a             Up 2 minutes (healthy)   80/tcp
        a-long-name   Exited (0)
        日本          odd cell                 x
        ");
    }
}
