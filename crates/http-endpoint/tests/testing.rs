//! Random values and round trips.
#![cfg(feature = "testing")]

use http_endpoint::request;
use http_endpoint::testing::{round_trip, value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

request! {
    /// What is written differently from what is read.
    pub struct Lossy {
        /// The key is read under another name only.
        name / with_name: Option<String> = "Name",
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Halved(u64);

impl Serialize for Halved {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0 / 2)
    }
}

impl<'de> Deserialize<'de> for Halved {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self)
    }
}

#[test]
fn every_kind_of_value_is_made_and_a_seed_gives_the_same_again() {
    let made: Vec<Lossy> = (0..200).map(|seed| value(seed).unwrap()).collect();
    assert!(made.iter().any(|one| one.name.is_none()));
    assert!(made.iter().any(|one| one.name.as_deref() == Some("web-1")));
    assert_eq!(made[7], value(7).unwrap());
    assert_ne!(Lossy::new().with_name("a"), Lossy::new());
}

#[test]
fn a_faithful_type_passes_and_a_lossy_one_is_found() {
    assert!((0..200).all(|seed| round_trip::<Lossy>(seed).is_ok()));
    assert!((0..200).any(|seed| round_trip::<Halved>(seed).is_err()));
}
