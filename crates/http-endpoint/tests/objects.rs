//! What `request!`, `response!` and `words!` declare.

use std::collections::BTreeMap;

use http_endpoint::{request, words};

words! {
    /// A state.
    pub enum State {
        /// Up.
        Up = "up" | "UP",
        /// Down.
        Down = "down",
    }
}

request! {
    /// A body.
    pub struct Body {
        required {
            /// Name.
            name: String = "Name" | "name",
        }
        /// State.
        state / with_state: State = "State",
        /// Always there.
        tty / with_tty: bool = "Tty" always,
        /// A number.
        size / with_size: Option<u64> = "Size",
        /// Command: an empty one is not the same as none.
        cmd / with_cmd: Option<Vec<String>> = "Cmd",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Nested.
        inner / with_inner: Vec<Inner> = "Inner",
    }
}

request! {
    /// Nested.
    pub struct Inner {
        /// A number.
        n / with_n: i64 = "N",
    }
}

#[test]
fn only_what_is_set_is_written() {
    let text = |body: &Body| serde_json::to_string(body).unwrap();
    assert_eq!(text(&Body::new("a")), r#"{"Name":"a","Tty":false}"#);
    let full = Body::new("a")
        .with_state(State::Up)
        .with_tty(true)
        .with_size(0)
        .with_cmd(vec![])
        .with_labels(BTreeMap::from([("a".to_owned(), "b".to_owned())]))
        .with_inner(vec![Inner::new(), Inner::new().with_n(7)]);
    assert_eq!(
        text(&full),
        r#"{"Name":"a","State":"up","Tty":true,"Size":0,"Cmd":[],"Labels":{"a":"b"},"Inner":[{},{"N":7}]}"#
    );
    assert_eq!(serde_json::from_str::<Body>(&text(&full)).unwrap(), full);
}

#[test]
fn null_absent_and_unknown_are_read() {
    let body: Body =
        serde_json::from_str(r#"{"name":"x","State":null,"Size":null,"New":{"a":[1]},"Inner":[{}]}"#)
            .unwrap();
    assert_eq!(body, Body::new("x").with_inner(vec![Inner::default()]));
    assert_eq!(serde_json::from_str::<Body>("{}").unwrap(), Body::default());
}

#[test]
fn a_wrong_type_is_an_error_that_names_what_was_expected() {
    let error = serde_json::from_str::<Body>(r#"{"Name":7}"#).unwrap_err().to_string();
    assert!(error.contains("expected a string"), "{error}");
    let error = serde_json::from_str::<Body>("[]").unwrap_err().to_string();
    assert!(error.contains("an object (Body)"), "{error}");
    assert!(serde_json::from_str::<Body>(r#"{"State":7}"#).is_err());
}

#[test]
fn an_open_enum_keeps_words_that_it_does_not_know() {
    let read = |json| serde_json::from_str::<State>(json).unwrap();
    assert_eq!(read(r#""UP""#), State::Up);
    assert_eq!(read(r#""sideways""#), State::Other("sideways".into()));
    assert_eq!(serde_json::to_string(&read(r#""sideways""#)).unwrap(), r#""sideways""#);
    assert!(State::Down == "down" && State::default() == "");
}
