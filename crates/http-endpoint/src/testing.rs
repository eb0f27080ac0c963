//! Random values of any type that can be read, for property tests of the API crates. Needs the feature `testing`.

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::{Serialize, forward_to_deserialize_any};

/// Why a random value could not be made: the type asked for something that JSON does not have.
pub type Error = serde_json::Error;

/// A value whose every part is random; the same seed gives the same value.
///
/// # Errors
/// The type cannot be read from a self-describing format.
pub fn value<T: DeserializeOwned>(seed: u64) -> Result<T, Error> {
    T::deserialize(Random { state: &mut seed.wrapping_add(0x9e37_79b9_7f4a_7c15), depth: 0 })
}

/// Makes a random `T`, writes it as JSON, reads that, and compares.
///
/// # Errors
/// Says what differs.
pub fn round_trip<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    seed: u64,
) -> Result<(), String> {
    let name = std::any::type_name::<T>();
    let made: T = value(seed).map_err(|why| format!("{name}: {why}"))?;
    let json = serde_json::to_string(&made).map_err(|why| format!("{name} cannot be written: {why}"))?;
    let read: T =
        serde_json::from_str(&json).map_err(|why| format!("{name} cannot be read: {why}\n{json}"))?;
    // A second time, so that a value that is written as nothing must also be read as nothing.
    let again = serde_json::to_string(&read).map_err(|why| format!("{name} cannot be written: {why}"))?;
    if again != json {
        return Err(format!("{name} is not the same after a round trip\nmade {json}\nread {again}"));
    }
    if read == made { Ok(()) } else { Err(format!("{name}: {made:?}\nbecame {read:?}\nthrough {json}")) }
}

struct Random<'a> {
    state: &'a mut u64,
    depth: u32,
}

const TEXTS: &[&str] =
    &["", "a", "web-1", "80/tcp", "/data", "NAME=value", "{\"x\":1}", "é\u{1F980}\n\0\"\\", "null"];

impl Random<'_> {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        *self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len() as u64) as usize]
    }

    /// Mostly small, sometimes at the limits.
    fn unsigned(&mut self, bits: u32) -> u64 {
        let raw = self.next();
        match raw % 4 {
            0 => 0,
            1 => u64::MAX >> (64 - bits),
            _ => (raw >> 8) & 0xff,
        }
    }

    fn deeper(&mut self) -> Random<'_> {
        Random { state: self.state, depth: self.depth + 1 }
    }

    /// How many elements: fewer the deeper, so that every value ends.
    fn elements(&mut self) -> u64 {
        if self.depth > 6 { 0 } else { self.below(3) }
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $t:ty, $bits:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.unsigned($bits) as $t)
        }
    )*};
}

impl<'de> Deserializer<'de> for Random<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text())
    }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.below(2) == 0)
    }

    numbers! {
        deserialize_u8 visit_u8 u8, 8;
        deserialize_u16 visit_u16 u16, 16;
        deserialize_u32 visit_u32 u32, 32;
        deserialize_u64 visit_u64 u64, 64;
        deserialize_i8 visit_i8 i8, 8;
        deserialize_i16 visit_i16 i16, 16;
        deserialize_i32 visit_i32 i32, 32;
        deserialize_i64 visit_i64 i64, 64;
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.below(1000) as f64 / 8.0)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_char('x')
    }

    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if self.below(3) == 0 { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let left = self.elements();
        visitor.visit_seq(Elements { random: self.deeper(), left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Elements { random: self.deeper(), left: len as u64 })
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let left = self.elements();
        visitor.visit_map(Elements { random: self.deeper(), left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let depth = self.depth;
        let fields = if depth > 8 { &[] } else { fields };
        visitor.visit_map(Fields { random: self.deeper(), fields })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let index = self.below(variants.len() as u64) as u32;
        visitor.visit_enum(Variant { random: self.deeper(), index })
    }

    forward_to_deserialize_any! { bytes byte_buf unit_struct tuple_struct identifier ignored_any i128 u128 }
}

struct Elements<'a> {
    random: Random<'a>,
    left: u64,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(self.random.deeper()).map(Some)
    }
}

impl<'de> MapAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.random.deeper())
    }
}

struct Fields<'a> {
    random: Random<'a>,
    fields: &'static [&'static str],
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        // Each field in one of two values, so that neighbours are often set together.
        while let Some((field, rest)) = self.fields.split_first() {
            self.fields = rest;
            if self.random.below(2) == 0 {
                let key: StrDeserializer<'_, Error> = (*field).into_deserializer();
                return seed.deserialize(key).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.random.deeper())
    }
}

struct Variant<'a> {
    random: Random<'a>,
    index: u32,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Random<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Random<'a>), Error> {
        let index: U32Deserializer<Error> = self.index.into_deserializer();
        Ok((seed.deserialize(index)?, self.random))
    }
}

impl<'de> VariantAccess<'de> for Random<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        Deserializer::deserialize_struct(self, "", fields, visitor)
    }
}
