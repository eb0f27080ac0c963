//! The types that the tables are made of.

/// Scalar types that a place takes.
pub(crate) const STR: u8 = 1;
/// A boolean.
pub(crate) const BOOL: u8 = 2;
/// A whole number; floats without a fraction count.
pub(crate) const INT: u8 = 4;
/// Any number.
pub(crate) const NUM: u8 = 8 | INT;
/// Nothing.
pub(crate) const NULL: u8 = 16;

/// What may stand at a place.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) scalars: u8,
    pub(crate) rule: Rule,
    pub(crate) list: Option<&'static List>,
    pub(crate) fields: Option<&'static Fields>,
    /// For messages: "a string".
    pub(crate) expected: &'static str,
}

/// What else a scalar must be.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    Any,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A number in this range; strings are not looked at.
    Range(i64, i64),
    /// A text that passes the test; else this is expected.
    Text(fn(&str) -> bool, &'static str),
}

/// A list.
pub(crate) struct List {
    pub(crate) item: &'static Shape,
    /// No two items may be equal.
    pub(crate) unique: bool,
}

/// A mapping.
pub(crate) struct Fields {
    /// The known keys, sorted.
    pub(crate) known: &'static [Field],
    /// What any other key holds, if other keys are allowed.
    pub(crate) other: Option<(&'static Shape, Form)>,
    /// What other keys may look like.
    pub(crate) key: fn(&str) -> bool,
    /// Keys beginning `x-` are extensions.
    pub(crate) extensions: bool,
    /// Keys that must be there.
    pub(crate) required: &'static [&'static str],
}

/// A known key of a mapping.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    pub(crate) form: Form,
}

/// The form that a value gets in the canonical model. "Omitted" means that the canonical model leaves such a value out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it stands.
    Raw,
    /// Left out: the loader has used it up.
    Gone,
    /// A string; numbers are printed. Empty is omitted.
    Text,
    /// A boolean; false is omitted.
    Flag,
    /// A boolean that is kept when false.
    OptFlag,
    /// A boolean that is true unless the file says false; true is omitted.
    OptOut,
    /// A whole number; zero is omitted.
    Int,
    /// A whole number that is kept when zero.
    OptInt,
    /// A number with 32 bits; zero is omitted.
    Float,
    /// Bytes as a decimal string; zero is omitted.
    Bytes,
    /// Bytes as a decimal string, kept when zero.
    OptBytes,
    /// A duration; zero is omitted.
    Duration,
    /// A duration that is kept when zero.
    OptDuration,
    /// A file mode as an octal string.
    Mode,
    /// `all` or a number of devices.
    Count,
    /// A command line: a list of words, or null.
    Words,
    /// A list of strings; a single string counts as one item, numbers are printed. Empty is omitted.
    Texts,
    /// A mapping to strings out of a list `k=v` or a mapping; a missing value is "". Empty is omitted.
    Mapping,
    /// The same, where a missing value is null.
    Variables,
    /// A mapping to strings; null is "". Empty is omitted.
    Options,
    /// A mapping to lists of strings.
    MultiOptions,
    /// Sorted `host=address` strings. Empty is omitted.
    Hosts,
    /// A health check's test.
    Test,
    /// SSH keys of a build as `id` or `id=path`.
    Ssh,
    /// One limit or two.
    Ulimit,
    /// A mapping with known keys; null is omitted.
    Struct,
    /// The same, which is always there.
    Always,
    /// A list of mappings with known keys. Empty is omitted.
    Structs,
    /// A mapping of names to mappings with known keys, or null. Empty is omitted.
    Named,
}

impl Shape {
    pub(crate) const fn scalar(scalars: u8, expected: &'static str) -> Self {
        Self { scalars, rule: Rule::Any, list: None, fields: None, expected }
    }

    pub(crate) const fn list(list: &'static List, expected: &'static str) -> Self {
        Self { scalars: 0, rule: Rule::Any, list: Some(list), fields: None, expected }
    }

    pub(crate) const fn map(fields: &'static Fields, expected: &'static str) -> Self {
        Self { scalars: 0, rule: Rule::Any, list: None, fields: Some(fields), expected }
    }

    pub(crate) const fn rule(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    pub(crate) const fn or_scalar(self, scalars: u8, expected: &'static str) -> Self {
        Self { scalars: self.scalars | scalars, expected, ..self }
    }

    pub(crate) const fn or_list(self, list: &'static List, expected: &'static str) -> Self {
        Self { list: Some(list), expected, ..self }
    }
}

impl Fields {
    /// A closed mapping with extensions.
    pub(crate) const fn of(known: &'static [Field]) -> Self {
        Self { known, other: None, key: any_key, extensions: true, required: &[] }
    }

    /// A mapping of any keys.
    pub(crate) const fn any(shape: &'static Shape, form: Form) -> Self {
        Self { known: &[], other: Some((shape, form)), key: any_key, extensions: false, required: &[] }
    }

    /// A mapping of names to resources.
    pub(crate) const fn named(shape: &'static Shape, form: Form) -> Self {
        Self { key: is_name, ..Self::any(shape, form) }
    }

    pub(crate) const fn require(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    pub(crate) const fn without_extensions(self) -> Self {
        Self { extensions: false, ..self }
    }

    pub(crate) fn find(&self, name: &str) -> Option<&'static Field> {
        self.known.binary_search_by(|field| field.name.cmp(name)).ok().and_then(|index| self.known.get(index))
    }
}

pub(crate) const fn field(name: &'static str, shape: &'static Shape, form: Form) -> Field {
    Field { name, shape, form }
}

/// The fields of several tables as one sorted table of `N` fields, made by the compiler.
pub(crate) const fn union<const N: usize>(tables: &[&[Field]]) -> [Field; N] {
    let mut all = [tables[0][0]; N];
    let mut count = 0;
    let mut table = 0;
    while table < tables.len() {
        let mut index = 0;
        while index < tables[table].len() {
            // Insertion sort: put it behind everything that comes before it.
            let new = tables[table][index];
            let mut at = count;
            while at > 0 && comes_before(new.name.as_bytes(), all[at - 1].name.as_bytes()) {
                all[at] = all[at - 1];
                at -= 1;
            }
            all[at] = new;
            count += 1;
            index += 1;
        }
        table += 1;
    }
    assert!(count == N, "N is the number of all fields");
    all
}

const fn comes_before(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() {
        if a[index] != b[index] {
            return a[index] < b[index];
        }
        index += 1;
    }
    a.len() < b.len()
}

fn any_key(_: &str) -> bool {
    true
}

/// Names of services, networks and so on.
fn is_name(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
