//! `[source:]target[:options]`.

/// A volume of the short form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShortVolume {
    pub(crate) is_bind: bool,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) read_only: bool,
    pub(crate) nocopy: bool,
    pub(crate) propagation: Option<String>,
    pub(crate) selinux: Option<String>,
    /// Whether a `volume` mapping comes with it; too short a text has none (a quirk of Compose).
    pub(crate) has_volume: bool,
    /// Options that mean nothing and are passed over.
    pub(crate) unknown: Vec<String>,
}

/// Reads a short form.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse_volume(text: &str) -> Result<ShortVolume, String> {
    let mut volume = ShortVolume::default();
    if text.is_empty() {
        return Err("the volume is empty".to_owned());
    }
    if text.len() <= 2 {
        text.clone_into(&mut volume.target);
        return Ok(volume);
    }
    let mut part = String::new();
    let mut in_variable = 0usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' if chars.peek() == Some(&'{') => {
                in_variable += 1;
                part.push(c);
            }
            '}' if in_variable > 0 => {
                in_variable -= 1;
                part.push(c);
            }
            // The colon of a Windows drive, also where it is a volume with a name of one letter (a quirk of Compose).
            ':' if is_letter(&part) => part.push(c),
            ':' if in_variable == 0 => add_part(&mut volume, std::mem::take(&mut part), false, text)?,
            _ => part.push(c),
        }
    }
    add_part(&mut volume, part, true, text)?;
    volume.is_bind = is_path(&volume.source);
    volume.has_volume = !volume.is_bind;
    Ok(volume)
}

fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

fn add_part(volume: &mut ShortVolume, part: String, last: bool, text: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err(format!("`{text}` has a colon with nothing before or after it"));
    }
    if volume.source.is_empty() && last {
        volume.target = part;
    } else if volume.source.is_empty() {
        volume.source = part;
    } else if volume.target.is_empty() {
        volume.target = part;
    } else if !last {
        return Err(format!("`{text}` has too many colons"));
    } else {
        for option in part.split(',') {
            match option {
                "ro" => volume.read_only = true,
                "rw" => volume.read_only = false,
                "nocopy" => volume.nocopy = true,
                "z" | "Z" => volume.selinux = Some(option.to_owned()),
                "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                    volume.propagation = Some(option.to_owned());
                }
                other => volume.unknown.push(other.to_owned()),
            }
        }
    }
    Ok(())
}

fn is_path(source: &str) -> bool {
    if source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") {
        return true;
    }
    let mut chars = source.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms() {
        for (text, bind, source, target, read_only) in [
            ("/data", false, "", "/data", false),
            ("/x", false, "", "/x", false),
            ("data:/var", false, "data", "/var", false),
            ("./a:/b:ro", true, "./a", "/b", true),
            ("~/a:/b:rw,z", true, "~/a", "/b", false),
            ("C:\\a:/b", true, "C:\\a", "/b", false),
            (r"\\.\pipe\x:\\.\pipe\x", true, r"\\.\pipe\x", r"\\.\pipe\x", false),
            ("v:/x", false, "", "v:/x", false),
            ("${A:-b}:/x", false, "${A:-b}", "/x", false),
            ("d:/x:/y", true, "d:/x", "/y", false),
        ] {
            let volume = parse_volume(text).unwrap();
            assert_eq!(
                (volume.is_bind, volume.source.as_str(), volume.target.as_str(), volume.read_only),
                (bind, source, target, read_only),
                "{text}"
            );
        }
        let volume = parse_volume("a1:/b:nocopy,rslave,Z,odd").unwrap();
        assert!(volume.nocopy);
        assert_eq!(volume.propagation.as_deref(), Some("rslave"));
        assert_eq!(volume.selinux.as_deref(), Some("Z"));
        assert_eq!(volume.unknown, ["odd"]);
        assert!(!parse_volume("/x").unwrap().has_volume);
    }

    #[test]
    fn mistakes() {
        for text in ["", "aa:/b:ro:x", "aa::/b", ":/bb", "aa:/b:"] {
            assert!(parse_volume(text).is_err(), "{text}");
        }
    }
}
