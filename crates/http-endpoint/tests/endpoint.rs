//! What the `endpoint!` macro declares.

use http_endpoint::{Endpoint, Filters, Kind, Method, RequestKind, endpoint};

endpoint! {
    /// Tags an image.
    POST "/images/{name:.*}/tag" => json<Vec<u32>>, [201];
    pub struct Tag {
        path {
            /// Image.
            name
        }
        query {
            /// Repository.
            repo / with_repo: String = "repo",
            /// Filters.
            filters / with_filters: Filters = "filters",
        }
        header {
            /// Credentials.
            auth / with_auth = "X-Registry-Auth"
        }
        json {
            /// Body.
            body: Vec<String>
        }
    }
}

#[test]
fn a_declared_endpoint_writes_itself() {
    let tag = Tag::new("a/b:1", vec!["x".to_owned()]).with_repo("r").with_auth("s3cret");
    assert_eq!(tag.target("/v1"), "/v1/images/a/b:1/tag?repo=r");
    assert_eq!(tag.body().unwrap().unwrap(), br#"["x"]"#);
    assert_eq!(tag.headers()[0].1.expose(), "s3cret");
    assert!(!format!("{tag:?}").contains("s3cret"));
    assert_eq!(Tag::QUERY.iter().map(|one| one.name).collect::<Vec<_>>(), ["repo", "filters"]);
    assert_eq!(Tag::decode(b"[1,2]").unwrap(), [1, 2]);
    assert_eq!((Tag::METHOD, Tag::KIND, Tag::REQUEST), (Method::Post, Kind::Json, RequestKind::Json));
}

#[test]
fn only_reading_methods_may_be_repeated() {
    assert!(Method::Get.is_idempotent() && Method::Head.is_idempotent());
    assert!(!Method::Post.is_idempotent() && !Method::Put.is_idempotent() && !Method::Delete.is_idempotent());
}
