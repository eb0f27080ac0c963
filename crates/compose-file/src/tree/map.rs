//! The mapping of the tree: in the order of the file, small, and quick where it has few keys, which is nearly always.
//!
//! A Compose file is thousands of mappings of a few keys and one or two of many. Few keys are looked up one by one; from
//! [`INDEXED`] on there is a hash table beside the list. A key is shared text, so that `image` is there once.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Node};

/// A key: shared text.
pub(crate) type Key = Arc<str>;

/// From so many entries on a hash table is kept.
const INDEXED: usize = 24;

/// A mapping. One pointer wide, so that scalars are not made larger by it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map(Box<Inner>);

#[derive(Clone, Debug, Default)]
struct Inner {
    entries: Vec<(Key, Entry)>,
    /// The place of each key, where there are many.
    #[expect(
        clippy::box_collection,
        reason = "nearly all mappings have none, and a table is six words wide"
    )]
    index: Option<Box<HashMap<Key, usize>>>,
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.0.entries == other.0.entries
    }
}

impl Map {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Box::new(Inner { entries: Vec::with_capacity(capacity), index: None }))
    }

    /// Out of entries of which each has another key.
    pub(crate) fn from_unique(entries: Vec<(Key, Entry)>) -> Self {
        let mut map = Self(Box::new(Inner { entries, index: None }));
        map.reindex();
        map
    }

    pub(crate) fn len(&self) -> usize {
        self.0.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    pub(crate) fn index_of(&self, key: &str) -> Option<usize> {
        match &self.0.index {
            Some(index) => index.get(key).copied(),
            None => self.0.entries.iter().position(|(known, _)| **known == *key),
        }
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.index_of(key).is_some()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.get_index(self.index_of(key)?).map(|(_, entry)| entry)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        let index = self.index_of(key)?;
        self.0.entries.get_mut(index).map(|(_, entry)| entry)
    }

    pub(crate) fn get_index(&self, index: usize) -> Option<(&str, &Entry)> {
        self.0.entries.get(index).map(|(key, entry)| (&**key, entry))
    }

    /// Adds an entry at the end, or replaces the one with this key in its place.
    pub(crate) fn insert(&mut self, key: impl Into<Key>, entry: Entry) {
        let key = key.into();
        match self.index_of(&key) {
            Some(index) => {
                if let Some((_, known)) = self.0.entries.get_mut(index) {
                    *known = entry;
                }
            }
            None => self.push(key, entry),
        }
    }

    /// Adds an entry unless there is one with this key.
    pub(crate) fn insert_missing(&mut self, key: impl Into<Key>, entry: impl FnOnce() -> Entry) {
        let key = key.into();
        if !self.contains_key(&key) {
            self.push(key, entry());
        }
    }

    /// Adds or replaces a value that has no key in a file.
    pub(crate) fn put(&mut self, key: &str, node: Node) {
        match self.get_mut(key) {
            Some(entry) => entry.node = node,
            None => {
                let span = node.span;
                self.push(key.into(), Entry { key: span, node });
            }
        }
    }

    fn push(&mut self, key: Key, entry: Entry) {
        let entries = &mut self.0.entries;
        if entries.len() == entries.capacity() {
            // Steps add a few entries to many mappings: doubling would waste more than all else needs.
            entries.reserve_exact((entries.len() / 4).max(2));
        }
        entries.push((key, entry));
        let last = self.len() - 1;
        let Inner { entries, index } = &mut *self.0;
        match index {
            Some(index) => index.extend(entries.last().map(|(key, _)| (Arc::clone(key), last))),
            None => self.reindex(),
        }
    }

    fn reindex(&mut self) {
        let Inner { entries, index } = &mut *self.0;
        *index = (entries.len() >= INDEXED).then(|| {
            let places = entries.iter().enumerate().map(|(index, (key, _))| (Arc::clone(key), index));
            Box::new(places.collect())
        });
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry> {
        let index = self.index_of(key)?;
        let (_, entry) = self.0.entries.remove(index);
        self.reindex();
        Some(entry)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, &Entry) -> bool) {
        let before = self.len();
        self.0.entries.retain(|(key, entry)| keep(key, entry));
        if self.len() != before {
            self.reindex();
        }
    }

    /// Moves the last entry to the front.
    pub(crate) fn last_to_front(&mut self) {
        let by = usize::from(!self.is_empty());
        self.0.entries.rotate_right(by);
        self.reindex();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.into_iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Entry)> {
        self.into_iter()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Entry> {
        self.iter().map(|(_, entry)| entry)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.iter_mut().map(|(_, entry)| entry)
    }
}

/// The entries of a borrowed map.
pub(crate) type Iter<'a> =
    std::iter::Map<std::slice::Iter<'a, (Key, Entry)>, fn(&(Key, Entry)) -> (&str, &Entry)>;
type IterMut<'a> =
    std::iter::Map<std::slice::IterMut<'a, (Key, Entry)>, fn(&mut (Key, Entry)) -> (&str, &mut Entry)>;

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a str, &'a Entry);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.0.entries.iter().map(|(key, entry)| (&**key, entry))
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = (&'a str, &'a mut Entry);
    type IntoIter = IterMut<'a>;

    fn into_iter(self) -> IterMut<'a> {
        self.0.entries.iter_mut().map(|(key, entry)| (&**key, entry))
    }
}

impl IntoIterator for Map {
    type Item = (Key, Entry);
    type IntoIter = std::vec::IntoIter<(Key, Entry)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.entries.into_iter()
    }
}

impl<K: Into<Key>> FromIterator<(K, Entry)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Entry)>>(iter: I) -> Self {
        let mut map = Self::new();
        map.extend(iter);
        map
    }
}

impl<K: Into<Key>> Extend<(K, Entry)> for Map {
    fn extend<I: IntoIterator<Item = (K, Entry)>>(&mut self, iter: I) {
        for (key, entry) in iter {
            self.insert(key, entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;
    use crate::diagnostic::Span;

    fn entry(number: i64) -> Entry {
        Entry { key: Span::NONE, node: Node::new(Value::Int(number), Span::NONE) }
    }

    #[test]
    fn small_and_large_maps_behave_alike() {
        for count in [3, INDEXED - 1, INDEXED, INDEXED + 1, 100] {
            let mut map: Map = (0..count).map(|i| (format!("k{i}"), entry(i as i64))).collect();
            assert_eq!(map.len(), count);
            map.insert("k1", entry(-1));
            assert_eq!(map.len(), count);
            assert_eq!(map.get("k1"), Some(&entry(-1)));
            assert_eq!(map.get_index(1).map(|(key, _)| key), Some("k1"));
            assert_eq!(map.remove("k0"), Some(entry(0)));
            assert!(!map.contains_key("k0"));
            let last = format!("k{}", count - 1);
            assert_eq!(map.index_of(&last), Some(count - 2));
            map.last_to_front();
            assert_eq!(map.index_of(&last), Some(0));
            map.retain(|key, _| key == last);
            assert_eq!(map.keys().collect::<Vec<_>>(), [last.as_str()]);
            map.insert_missing(last.as_str(), || entry(7));
            assert_eq!(map.len(), 1);
        }
    }

    #[test]
    fn values_are_small() {
        assert!(size_of::<Node>() <= 48, "{}", size_of::<Node>());
    }
}
