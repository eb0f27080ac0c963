//! The connections of Podman's `containers.conf`: the few lines that name them, of a TOML file.

use std::collections::BTreeMap;

/// What the file says of connections.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Connections {
    /// The default one.
    pub(crate) active: Option<String>,
    /// Addresses by name.
    pub(crate) uris: BTreeMap<String, String>,
}

/// Reads `active_service` of `[engine]` and `uri` of each `[engine.service_destinations.NAME]`. Everything else
/// is passed over, however it looks.
pub(crate) fn parse(text: &str) -> Connections {
    let mut found = Connections::default();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            header.split(']').next().unwrap_or_default().trim().clone_into(&mut table);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let Some(value) = string(value) else { continue };
        match (key.trim(), table.strip_prefix("engine.service_destinations.")) {
            ("active_service", None) if table == "engine" => found.active = Some(value),
            ("uri", Some(name)) => {
                found.uris.insert(name.trim_matches(['"', '\'']).to_owned(), value);
            }
            _ => {}
        }
    }
    found
}

/// A quoted value, with or without a comment after it.
fn string(value: &str) -> Option<String> {
    let value = value.trim();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let rest = &value[1..];
    Some(rest[..rest.find(quote)?].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_found_among_everything_else() {
        let text = r#"
# [engine]
[containers]
uri = "unix:///wrong"
[engine]
active_service = "box" # the box
helper_binaries_dir = [
  "/usr/lib/podman",
]
[engine.service_destinations."box"]
uri = "unix:///run/box.sock"
[engine.service_destinations.other]
  uri = 'ssh://me@other/run/podman.sock'
  identity = "/home/me/.ssh/id"
[broken
uri = "x
"#;
        let found = parse(text);
        assert_eq!(found.active.as_deref(), Some("box"));
        let uris: Vec<_> = found.uris.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(uris, [("box", "unix:///run/box.sock"), ("other", "ssh://me@other/run/podman.sock")]);
    }
}
