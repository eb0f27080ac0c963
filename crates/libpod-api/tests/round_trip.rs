//! Every request body is read again as it was written.

use http_endpoint::RequestKind;

#[test]
fn request_bodies_survive_a_round_trip() {
    let mut bodies = 0;
    for one in libpod_api::GROUPS.iter().flat_map(|(_, endpoints)| *endpoints) {
        let Some(check) = one.body_check else {
            assert_ne!(one.request, RequestKind::Json, "{} has a body that is not checked", one.name);
            continue;
        };
        bodies += 1;
        for seed in 0..2_000 {
            check(seed).unwrap_or_else(|why| panic!("{}, seed {seed}: {why}", one.name));
        }
    }
    assert!(bodies > 0, "no endpoint has a body");
}
