//! The paths of a table as a tree, so that a walk over a model looks all of them up on its way.

/// What a table says of the places in a model. In a path `*` stands for any key, and `[]` for each item of a list:
/// `services.*.ports[].mode`.
pub(crate) struct Rules<T> {
    value: Option<T>,
    /// Sorted by the key.
    keys: Vec<(&'static str, Self)>,
    any_key: Option<Box<Self>>,
    item: Option<Box<Self>>,
}

impl<T> Rules<T> {
    pub(crate) fn new(table: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut root = Self::empty();
        for (path, value) in table {
            let mut at = &mut root;
            for part in path.split('.') {
                let (key, is_list) = part.strip_suffix("[]").map_or((part, false), |key| (key, true));
                at = at.key_mut(key);
                if is_list {
                    at = at.item.get_or_insert_with(|| Box::new(Self::empty()));
                }
            }
            at.value = Some(value);
        }
        root
    }

    fn empty() -> Self {
        Self { value: None, keys: Vec::new(), any_key: None, item: None }
    }

    fn key_mut(&mut self, key: &'static str) -> &mut Self {
        if key == "*" {
            return self.any_key.get_or_insert_with(|| Box::new(Self::empty()));
        }
        let index = self.keys.binary_search_by(|(known, _)| known.cmp(&key)).unwrap_or_else(|index| {
            self.keys.insert(index, (key, Self::empty()));
            index
        });
        &mut self.keys[index].1
    }

    /// What the table says of this place.
    pub(crate) fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The rules below a key. One that is named counts before `*`.
    pub(crate) fn key(&self, key: &str) -> Option<&Self> {
        let named = self.keys.binary_search_by(|(known, _)| (*known).cmp(key)).ok();
        named.and_then(|index| self.keys.get(index)).map(|(_, rules)| rules).or(self.any_key.as_deref())
    }

    /// The rules for the items of the list that is here.
    pub(crate) fn item(&self) -> Option<&Self> {
        self.item.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_their_values() {
        let rules = Rules::new([("a.*.c", 1), ("a.b.d[].e", 2), ("a.b", 3), ("z", 4)]);
        let at = |keys: &[&str]| keys.iter().try_fold(&rules, |rules, key| rules.key(key));
        assert_eq!(at(&["a", "x", "c"]).unwrap().value(), Some(&1));
        assert_eq!(at(&["a", "b"]).unwrap().value(), Some(&3));
        assert_eq!(at(&["a", "b", "d"]).unwrap().item().unwrap().key("e").unwrap().value(), Some(&2));
        assert_eq!(at(&["z"]).unwrap().value(), Some(&4));
        assert_eq!(at(&["a"]).unwrap().value(), None);
        assert!(at(&["y"]).is_none() && at(&["z", "a"]).is_none());
        assert!(at(&["a"]).unwrap().item().is_none());
    }
}
