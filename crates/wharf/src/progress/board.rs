//! What is known of a running command: one row for each container, network, volume and image. Without IO and with the
//! clock passed in.

use std::time::{Duration, Instant};

use indexmap::IndexMap;

use crate::output::style::{BAD, BUSY, DIM, GOOD, STRONG, WAIT, paint};
use crate::output::visible_width;

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// The least width of the column of states, so that it does not jump about.
const STATE_WIDTH: usize = 10;

/// How far a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It has not begun.
    Planned,
    /// Something is being done: `starting`.
    Busy(String),
    /// It waits for something else: `waiting for db (healthy)`.
    Waiting(String),
    /// Something was done, and more is to come: `created`.
    Between(String),
    /// Something was done: `started`.
    Done(String),
    /// Nothing was to do: `running`.
    Unchanged(String),
    /// It went wrong.
    Failed(String),
    /// It was given up: something that it needs failed, or the command was interrupted.
    Dropped(String),
}

/// All rows of one command.
#[derive(Clone, Debug)]
pub(super) struct Board {
    title: &'static str,
    started: Instant,
    rows: IndexMap<String, Row>,
    state_width: usize,
}

#[derive(Clone, Debug)]
struct Row {
    kind: &'static str,
    name: String,
    state: State,
    /// The last line of a build, or how much of an image is there.
    detail: Option<String>,
    /// How long something was done to it or waited for, up to `since`. Time in between does not count.
    spent: Option<Duration>,
    /// Since when something is being done to it.
    since: Option<Instant>,
}

impl Board {
    /// An empty board of a command.
    pub(super) fn new(title: &'static str, now: Instant) -> Self {
        Self { title, started: now, rows: IndexMap::new(), state_width: STATE_WIDTH }
    }

    /// Whether there is anything to show.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Sets the state of a row; a new row comes last.
    pub(super) fn set(&mut self, kind: &'static str, name: &str, state: State, now: Instant) {
        let row = self.rows.entry(format!("{kind} {name}")).or_insert_with(|| Row {
            kind,
            name: name.to_owned(),
            state: state.clone(),
            detail: None,
            spent: None,
            since: None,
        });
        match &state {
            State::Busy(_) | State::Waiting(_) => {
                row.since.get_or_insert(now);
            }
            State::Planned | State::Unchanged(_) => {}
            State::Between(_) | State::Done(_) | State::Failed(_) | State::Dropped(_) => {
                row.rest(now);
                row.detail = None;
            }
        }
        row.state = state;
    }

    /// Sets what stands under a row until it is done: a line of a build.
    pub(super) fn detail(&mut self, kind: &'static str, name: &str, text: String, now: Instant) {
        if !self.rows.contains_key(&format!("{kind} {name}")) {
            self.set(kind, name, State::Busy("working".to_owned()), now);
        }
        if let Some(row) = self.rows.get_mut(&format!("{kind} {name}")) {
            row.detail = Some(text);
        }
    }

    /// Marks what is still at work as given up: the command ends, nothing more is to come.
    pub(super) fn give_up(&mut self, now: Instant) {
        for row in self.rows.values_mut() {
            if let State::Between(text) = &row.state {
                row.state = State::Done(text.clone());
            }
            if let State::Busy(text) | State::Waiting(text) = &row.state {
                row.state = State::Dropped(text.clone());
                row.rest(now);
            }
            row.detail = None;
        }
    }

    /// How long a row took, as far as it is known.
    pub(super) fn elapsed(&self, kind: &str, name: &str, now: Instant) -> Option<Duration> {
        self.rows.get(&format!("{kind} {name}"))?.elapsed(now)
    }

    /// The text for a terminal: a heading and the rows, in at most `height` lines. Where that is too few, the rows
    /// at which something happens have precedence.
    pub(super) fn render(&mut self, width: usize, height: usize, now: Instant) -> Vec<String> {
        let done = self.rows.values().filter(|row| row.is_done()).count();
        let total = self.rows.len();
        let mut lines = vec![format!(
            "{} {}",
            paint(STRONG, &format!("[+] {} {done}/{total}", self.title)),
            paint(DIM, &seconds(now.saturating_duration_since(self.started))),
        )];
        let (shown, hidden) = self.choose(height.saturating_sub(1).max(1));
        for row in &shown {
            self.state_width = self.state_width.max(visible_width(row.state.text()).min(40));
        }
        let name_width = shown.iter().map(|row| row.label(true).len()).max().unwrap_or(0);
        // The elapsed time, the glyph and the gaps take 13 columns.
        let with_kind = name_width + self.state_width + 13 <= width;
        let name_width = shown.iter().map(|row| row.label(with_kind).len()).max().unwrap_or(0);
        let room_for_details = lines.len() + shown.len() + usize::from(hidden > 0) < height;
        let mut details = height.saturating_sub(lines.len() + shown.len() + usize::from(hidden > 0));
        for row in shown {
            lines.push(row.render(name_width, self.state_width, with_kind, now));
            if let Some(detail) = row.detail.as_ref().filter(|_| room_for_details && details > 0) {
                details -= 1;
                lines.push(format!("   {}", paint(DIM, detail)));
            }
        }
        if hidden > 0 {
            lines.push(paint(DIM, &format!("   … and {hidden} more")));
        }
        lines
    }

    /// The rows for so many lines, in their order, and how many there is no room for.
    fn choose(&self, lines: usize) -> (Vec<Row>, usize) {
        if self.rows.len() <= lines {
            return (self.rows.values().cloned().collect(), 0);
        }
        let room = lines.saturating_sub(1);
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|index| (self.rows[*index].rank(), *index));
        order.truncate(room);
        order.sort_unstable();
        let shown: Vec<Row> = order.iter().map(|index| self.rows[*index].clone()).collect();
        let hidden = self.rows.len() - shown.len();
        (shown, hidden)
    }
}

impl Row {
    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_) | State::Unchanged(_))
    }

    fn rank(&self) -> u8 {
        match self.state {
            State::Failed(_) => 0,
            State::Busy(_) => 1,
            State::Waiting(_) => 2,
            State::Done(_) | State::Dropped(_) => 3,
            State::Between(_) | State::Planned => 4,
            State::Unchanged(_) => 5,
        }
    }

    fn label(&self, with_kind: bool) -> String {
        if with_kind { format!("{} {}", self.kind, self.name) } else { self.name.clone() }
    }

    fn elapsed(&self, now: Instant) -> Option<Duration> {
        let running = self.since.map(|since| now.saturating_duration_since(since));
        match (self.spent, running) {
            (None, None) => None,
            (spent, running) => Some(spent.unwrap_or_default() + running.unwrap_or_default()),
        }
    }

    /// Nothing is done to it for now.
    fn rest(&mut self, now: Instant) {
        if self.since.is_some() {
            self.spent = self.elapsed(now);
            self.since = None;
        }
    }

    fn render(&self, name_width: usize, state_width: usize, with_kind: bool, now: Instant) -> String {
        let elapsed = self.elapsed(now);
        let (glyph, style) = match self.state {
            State::Busy(_) => (spinner(elapsed), BUSY),
            State::Waiting(_) => (spinner(elapsed), WAIT),
            State::Done(_) => ("✔", GOOD),
            State::Unchanged(_) => ("✔", DIM),
            State::Failed(_) => ("✘", BAD),
            State::Planned | State::Between(_) => ("·", DIM),
            State::Dropped(_) => ("-", DIM),
        };
        let label = self.label(with_kind);
        let text = self.state.text();
        let padding = " ".repeat(state_width.saturating_sub(visible_width(text)));
        let elapsed = elapsed.map(|time| paint(DIM, &format!("{:>6}", seconds(time)))).unwrap_or_default();
        let line = format!(
            " {} {label:name_width$}  {}{padding} {elapsed}",
            paint(style, glyph),
            paint(style, text)
        );
        line.trim_end().to_owned()
    }
}

impl State {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Planned => "",
            Self::Busy(text)
            | Self::Between(text)
            | Self::Dropped(text)
            | Self::Waiting(text)
            | Self::Done(text)
            | Self::Unchanged(text)
            | Self::Failed(text) => text,
        }
    }
}

/// `0.3s`, `12.0s`, `2m05s`.
pub(super) fn seconds(time: Duration) -> String {
    if time.as_secs() < 60 {
        let tenths = time.as_millis() / 100;
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    format!("{}m{:02}s", time.as_secs() / 60, time.as_secs() % 60)
}

fn spinner(elapsed: Option<Duration>) -> &'static str {
    let turn = elapsed.unwrap_or_default().as_millis() / 100;
    SPINNER[(turn % SPINNER.len() as u128) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    fn text(board: &mut Board, width: usize, height: usize, now: Instant) -> String {
        anstream::adapter::strip_str(&board.render(width, height, now).join("\n")).to_string()
    }

    fn shop(start: Instant) -> Board {
        let mut board = Board::new("up", start);
        board.set("Network", "shop_default", State::Busy("creating".into()), start);
        board.set("Network", "shop_default", State::Done("created".into()), after(start, 120));
        board.set("Container", "shop-cache-1", State::Unchanged("running".into()), after(start, 120));
        board.set("Container", "shop-db-1", State::Busy("starting".into()), after(start, 150));
        board.set(
            "Container",
            "shop-web-1",
            State::Waiting("waiting for db (healthy)".into()),
            after(start, 150),
        );
        board.detail("Image", "shop-worker", "Step 3/5 : RUN make".into(), after(start, 200));
        board
    }

    #[test]
    fn rows_with_state_and_time() {
        let start = Instant::now();
        insta::assert_snapshot!(text(&mut shop(start), 100, 20, after(start, 2150)), @r"
        [+] up 2/5 2.1s
         ✔ Network shop_default    created                    0.1s
         ✔ Container shop-cache-1  running
         ⠋ Container shop-db-1     starting                   2.0s
         ⠋ Container shop-web-1    waiting for db (healthy)   2.0s
         ⠏ Image shop-worker       working                    1.9s
           Step 3/5 : RUN make
        ");
    }

    #[test]
    fn a_narrow_terminal_gets_names_alone() {
        let start = Instant::now();
        let text = text(&mut shop(start), 50, 20, after(start, 2150));
        assert!(text.contains("✔ shop_default  created"), "{text}");
    }

    #[test]
    fn a_short_terminal_shows_what_happens_first() {
        let start = Instant::now();
        let mut board = Board::new("up", start);
        for n in 0..50 {
            board.set("Container", &format!("c-{n}"), State::Done("started".into()), start);
        }
        board.set("Container", "c-40", State::Failed("failed".into()), start);
        board.set("Container", "c-45", State::Busy("starting".into()), start);
        insta::assert_snapshot!(text(&mut board, 80, 6, after(start, 300)), @r"
        [+] up 48/50 0.3s
         ✔ Container c-0   started
         ✔ Container c-1   started
         ✘ Container c-40  failed
         ⠸ Container c-45  starting     0.3s
           … and 46 more
        ");
    }

    #[test]
    fn never_more_lines_than_there_are() {
        let start = Instant::now();
        for height in 2..12 {
            let lines = shop(start).render(80, height, start);
            assert!(lines.len() <= height, "{height}: {lines:?}");
        }
    }

    #[test]
    fn the_time_between_two_steps_does_not_count() {
        let start = Instant::now();
        let mut board = Board::new("up", start);
        for (state, at) in [
            (State::Busy("Creating".into()), 0),
            (State::Done("Created".into()), 100),
            (State::Busy("Starting".into()), 5000),
            (State::Done("Started".into()), 5200),
        ] {
            board.set("Container", "a-1", state, after(start, at));
        }
        assert_eq!(board.elapsed("Container", "a-1", after(start, 9000)), Some(Duration::from_millis(300)));
    }

    #[test]
    fn times() {
        for (millis, text) in [(0, "0.0s"), (1990, "1.9s"), (59_999, "59.9s"), (125_000, "2m05s")] {
            assert_eq!(seconds(Duration::from_millis(millis)), text);
        }
    }
}
