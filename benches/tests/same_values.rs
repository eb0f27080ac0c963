//! Both clients find in the server's answers what is there, so that what is measured stays comparable.

use wharf_benches::answers::{Answers, FRAMES, Scale, frames_name};
use wharf_benches::cases::{Case, Counts};
use wharf_benches::peers::{Bollard, Peer, Wharf};
use wharf_benches::{Failure, server};

async fn check<P: Peer>(peer: &P, answers: &Answers) -> Result<(), Failure> {
    for case in Case::all() {
        let found = case.measure(peer, Counts::SMALL).await?;
        assert_eq!(found.tally, case.expected(Counts::SMALL, answers), "{case}");
        assert!(found.tally.values > 0, "{case}: nothing was found");
    }
    Ok(())
}

/// Standard output and standard error of a log.
async fn texts<P: Peer>(peer: &P, container: &str) -> Result<[Vec<u8>; 2], Failure> {
    let mut texts = [Vec::new(), Vec::new()];
    let each = |is_error, bytes: &[u8]| texts[usize::from(is_error)].extend_from_slice(bytes);
    peer.logs(container, each).await?;
    Ok(texts)
}

#[tokio::test]
async fn both_clients_find_everything() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    server::start(&socket, Answers::new(Scale::SMALL)).unwrap();
    let answers = Answers::new(Scale::SMALL);
    let (wharf, bollard) = (Wharf::new(&socket), Bollard::new(&socket).unwrap());
    check(&wharf, &answers).await.unwrap();
    check(&bollard, &answers).await.unwrap();
    for size in FRAMES {
        let name = frames_name(size);
        let [ours, theirs] = [texts(&wharf, &name).await.unwrap(), texts(&bollard, &name).await.unwrap()];
        assert!(ours == theirs, "{name}: the logs differ");
    }
    assert!(wharf.logs("nobody", |_, _| {}).await.is_err());
    assert!(bollard.logs("nobody", |_, _| {}).await.is_err());
}
