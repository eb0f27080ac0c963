//! What has to hold for every input of the decoders that read what others send.
//!
//! Each module has one function, `check`: it takes any bytes, and panics when a decoder breaks a promise.
//! The promises go beyond "does not panic": nothing is lost, it makes no difference how the input is cut,
//! and an independent reading of the same bytes agrees.
//!
//! `tests/seeds.rs` runs every check over the seeds, on a stable compiler; the crate around this one hands
//! the checks to libFuzzer. To add a target: a module here and its line in [`TARGETS`], seeds, and the
//! wrapper; `fuzz/README.md` has the steps, and the tests name what is missing.

mod compose;
mod lenient;
mod pieces;
mod tar_reader;

pub mod archive;
pub mod archive_records;
pub mod compose_dotenv;
pub mod compose_interpolation;
pub mod compose_merge;
pub mod compose_short_forms;
pub mod compose_yaml;
pub mod docker_answers;
pub mod frames;
pub mod json_lines;
pub mod libpod_answers;
pub mod path_stat;
pub mod stats_dump;

/// A check, by the name of its module, its seeds and its wrapper.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// Panics when the input makes a decoder break a promise.
    pub check: fn(&[u8]),
}

/// All of them, by name.
pub const TARGETS: &[Target] = &[
    Target { name: "archive", check: archive::check },
    Target { name: "archive_records", check: archive_records::check },
    Target { name: "compose_dotenv", check: compose_dotenv::check },
    Target { name: "compose_interpolation", check: compose_interpolation::check },
    Target { name: "compose_merge", check: compose_merge::check },
    Target { name: "compose_short_forms", check: compose_short_forms::check },
    Target { name: "compose_yaml", check: compose_yaml::check },
    Target { name: "docker_answers", check: docker_answers::check },
    Target { name: "frames", check: frames::check },
    Target { name: "json_lines", check: json_lines::check },
    Target { name: "libpod_answers", check: libpod_answers::check },
    Target { name: "path_stat", check: path_stat::check },
    Target { name: "stats_dump", check: stats_dump::check },
];
