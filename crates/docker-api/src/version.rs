//! The version of the API.

use std::fmt;
use std::str::FromStr;

/// A version of the Docker Engine API, such as `1.44`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// Always 1 so far.
    pub major: u16,
    /// Counted up with each change.
    pub minor: u16,
}

impl ApiVersion {
    /// A version.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The prefix of a path, `/v1.44`.
    #[must_use]
    pub fn prefix(self) -> String {
        format!("/v{self}")
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = ParseApiVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (major, minor) = text.trim().split_once('.').ok_or(ParseApiVersionError)?;
        let number = |part: &str| part.parse().map_err(|_| ParseApiVersionError);
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

/// A text that is not an API version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseApiVersionError;

impl fmt::Display for ParseApiVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an API version; expected two numbers such as 1.44")
    }
}

impl std::error::Error for ParseApiVersionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number_not_by_text() {
        let version = |text: &str| text.parse::<ApiVersion>().unwrap();
        assert!(version("1.9") < version("1.44"));
        assert_eq!(version("1.44").prefix(), "/v1.44");
        for bad in ["", "1", "1.x", "1.44.0", "v1.44", "1.99999"] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad}");
        }
    }
}
