//! Holds the declared endpoints against a table of what an engine's API has.
//!
//! A table is a CSV with the columns `method`, `path`, `group` and `query_params` (`name:type`, separated by `;`, with
//! `!` where required and `=` before a default).

use std::collections::BTreeMap;

use http_endpoint::{Descriptor, ParameterKind};
use serde::Deserialize;

/// One row of a table.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Row {
    /// HTTP method.
    pub method: String,
    /// Path with `{name}` for parameters, below `/v{version}`.
    pub path: String,
    /// Kind of object.
    pub group: String,
    /// Query parameters.
    pub query_params: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These types make up the row.
    Covered(Vec<&'static str>),
    /// Nothing declares it on purpose.
    LeftOut(&'static str),
    /// What is missing or wrong.
    Wrong(Vec<String>),
}

/// Where the engines differ from a table: the method and path, the parameter, and what is true.
pub struct Deviation {
    /// As [`key`] writes it.
    pub endpoint: &'static str,
    /// The query parameter.
    pub parameter: &'static str,
    /// What real engines do.
    pub reason: &'static str,
}

impl Deviation {
    /// Whether it is about this row.
    #[must_use]
    pub fn is_about(&self, row: &Row) -> bool {
        self.endpoint == key(&row.method, &row.path)
    }
}

/// Method and path in one form: without prefix, and without the names of parameters.
#[must_use]
pub fn key(method: &str, path: &str) -> String {
    let path = path.strip_prefix("/v{version}").unwrap_or(path);
    let path = path.strip_prefix("/libpod").unwrap_or(path);
    let mut key = format!("{method} ");
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        key.push_str(before);
        key.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    key + rest
}

/// Compares a table with what is declared: `aliases` are paths that a table has under another one. Gives the verdict of each row, and the endpoints that no row has.
#[must_use]
pub fn compare<'a>(
    rows: &'a [Row],
    declared: &[Descriptor],
    aliases: &[(&str, &str)],
    left_out: &[(&str, &'static str)],
    deviations: &[Deviation],
) -> (Vec<(&'a Row, Verdict)>, Vec<String>) {
    let mut by_key: BTreeMap<String, Vec<&Descriptor>> = BTreeMap::new();
    for one in declared {
        let key = key(one.method.as_str(), one.path);
        let key = aliases.iter().find(|(alias, _)| *alias == key).map_or(key, |(_, path)| (*path).to_owned());
        by_key.entry(key).or_default().push(one);
    }
    let mut verdicts = Vec::new();
    for row in rows {
        let key = key(&row.method, &row.path);
        let verdict = match (by_key.remove(&key), left_out.iter().find(|(group, _)| *group == row.group)) {
            (Some(types), _) => judge(row, &key, &types, deviations),
            (None, Some((_, reason))) => Verdict::LeftOut(reason),
            (None, None) => Verdict::Wrong(vec!["no type declares it".to_owned()]),
        };
        verdicts.push((row, verdict));
    }
    let extra = by_key
        .into_iter()
        .map(|(key, types)| format!("{key} ({}) is in no row of the table", names(&types).join(", ")))
        .collect();
    (verdicts, extra)
}

fn names(types: &[&Descriptor]) -> Vec<&'static str> {
    types.iter().map(|one| one.name).collect()
}

fn judge(row: &Row, key: &str, types: &[&Descriptor], deviations: &[Deviation]) -> Verdict {
    let deviates = |name: &str| deviations.iter().any(|one| one.endpoint == key && one.parameter == name);
    let mut wrong = Vec::new();
    let mut listed = Vec::new();
    for text in row.query_params.split(';').filter(|text| !text.is_empty()) {
        let (name, of_type) = text.split_once(':').unwrap_or((text, ""));
        listed.push(name);
        if deviates(name) {
            continue;
        }
        let mut found: Vec<_> =
            types.iter().flat_map(|one| one.query).filter(|one| one.name == name).collect();
        found.dedup();
        if found.is_empty() {
            wrong.push(format!("{name} cannot be set"));
        }
        let of_type = of_type.split('=').next().unwrap_or_default();
        for parameter in found {
            if !fits(of_type.trim_end_matches('!'), parameter.kind) {
                wrong.push(format!("{name} is {of_type}, declared as {:?}", parameter.kind));
            }
            if of_type.ends_with('!') && !parameter.required {
                wrong.push(format!("{name} is required, and `new` does not ask for it"));
            }
        }
    }
    for parameter in types.iter().flat_map(|one| one.query) {
        if !listed.contains(&parameter.name) && !deviates(parameter.name) {
            wrong.push(format!("{} is not in the table", parameter.name));
        }
    }
    if wrong.is_empty() { Verdict::Covered(names(types)) } else { Verdict::Wrong(wrong) }
}

/// Whether a parameter of the table's type may be declared so. Many that a table calls a string hold JSON.
fn fits(of_type: &str, kind: ParameterKind) -> bool {
    match of_type {
        "bool" => kind == ParameterKind::Bool,
        "int" => kind == ParameterKind::Number,
        "duration" => kind == ParameterKind::Text,
        "string" => matches!(kind, ParameterKind::Text | ParameterKind::Json),
        _ if of_type.starts_with("array") => kind == ParameterKind::List,
        _ if of_type.contains("json") || of_type.starts_with("map") => {
            matches!(kind, ParameterKind::Json | ParameterKind::List | ParameterKind::Text)
                && (kind == ParameterKind::Json || of_type.contains("string"))
        }
        _ if of_type.starts_with("string") => kind == ParameterKind::Text,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    http_endpoint::endpoints! {
        /// Renames.
        POST "/containers/{name}/rename" => none, [204];
        pub struct Rename {
            path {
                /// Which.
                name
            }
            required {
                /// To what.
                to: String = "name"
            }
        }

        /// Lists.
        GET "/containers/json" => json<Vec<String>>, [200];
        pub struct List {
            query {
                /// All.
                all / with_all: bool = "all",
                /// How many.
                limit / with_limit: Option<String> = "limit",
            }
        }
    }

    fn row(method: &str, path: &str, group: &str, query: &str) -> Row {
        Row { method: method.into(), path: path.into(), group: group.into(), query_params: query.into() }
    }

    fn verdict(row: &Row) -> Verdict {
        compare(std::slice::from_ref(row), ENDPOINTS, &[], &[("swarm", "no swarm")], &[]).0.remove(0).1
    }

    #[test]
    fn a_row_is_covered_when_path_and_parameters_are_the_same() {
        let same = row("POST", "/v{version}/libpod/containers/{id}/rename", "containers", "name:string!");
        assert_eq!(verdict(&same), Verdict::Covered(vec!["Rename"]));
    }

    #[test]
    fn every_difference_is_told() {
        let list =
            row("GET", "/v{version}/containers/json", "containers", "all:bool=false;limit:int;size:bool");
        let Verdict::Wrong(why) = verdict(&list) else { panic!("{list:?}") };
        assert_eq!(why, ["limit is int, declared as Text", "size cannot be set"]);
        let fewer = row("GET", "/v{version}/containers/json", "containers", "limit:string!");
        let Verdict::Wrong(why) = verdict(&fewer) else { panic!("{fewer:?}") };
        assert_eq!(why, ["limit is required, and `new` does not ask for it", "all is not in the table"]);
    }

    #[test]
    fn a_missing_row_is_wrong_unless_its_group_is_left_out() {
        assert_eq!(verdict(&row("GET", "/v{version}/swarm", "swarm", "")), Verdict::LeftOut("no swarm"));
        let missing = row("GET", "/v{version}/info", "system", "");
        assert_eq!(verdict(&missing), Verdict::Wrong(vec!["no type declares it".to_owned()]));
        let (_, extra) = compare(&[], ENDPOINTS, &[], &[], &[]);
        assert_eq!(extra.len(), 2);
    }

    #[test]
    fn a_deviation_holds_for_its_parameter_only() {
        let deviation =
            Deviation { endpoint: "GET /containers/json", parameter: "limit", reason: "text on a real one" };
        let rows = [row("GET", "/v{version}/containers/json", "containers", "all:bool;limit:int")];
        let (verdicts, _) = compare(&rows, ENDPOINTS, &[], &[], &[deviation]);
        assert_eq!(verdicts[0].1, Verdict::Covered(vec!["List"]));
    }
}
