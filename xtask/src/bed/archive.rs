//! An image archive of one layer, as `docker save` writes it and every engine loads it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::images::LABEL;
use crate::failure::{Context, Result};

/// Packs the tar at `layer` with `config` into `target`, to be loaded under `name`. The same layer and configuration give
/// the same image id.
pub(crate) fn pack(layer: &Path, target: &Path, name: &str, config: &Value) -> Result<()> {
    let what = || format!("cannot pack {}", target.display());
    let digest = digest_of(layer).context(what)?;
    let image = json!({
        "architecture": architecture(),
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{digest}")]},
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": LABEL}],
    })
    .to_string();
    let id = hex(&Sha256::digest(&image));
    let manifest =
        json!([{"Config": format!("{id}.json"), "RepoTags": [name], "Layers": [format!("{digest}.tar")]}])
            .to_string();

    let partial = target.with_extension(format!("partial-{}", std::process::id()));
    let mut tar = tar::Builder::new(File::create(&partial).context(what)?);
    let mut add = |path: &str, size: u64, data: &mut dyn Read| {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(size);
        header.set_mtime(0);
        tar.append_data(&mut header, path, data)
    };
    let mut file = File::open(layer).context(what)?;
    let size = file.metadata().context(what)?.len();
    add(&format!("{digest}.tar"), size, &mut file).context(what)?;
    add(&format!("{id}.json"), image.len() as u64, &mut image.as_bytes()).context(what)?;
    add("manifest.json", manifest.len() as u64, &mut manifest.as_bytes()).context(what)?;
    tar.into_inner().and_then(|mut file| file.flush()).context(what)?;
    fs::rename(&partial, target).context(what)
}

fn digest_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The processor's name as images give it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_layer_gives_the_same_image() {
        let dir = std::env::temp_dir().join(format!("xtask-pack-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let layer = dir.join("layer.tar");
        fs::write(&layer, [0; 1024]).unwrap();
        let config = json!({"Cmd": ["sh"]});
        let (one, two) = (dir.join("1.tar"), dir.join("2.tar"));
        pack(&layer, &one, "localhost/x:latest", &config).unwrap();
        pack(&layer, &two, "localhost/x:latest", &config).unwrap();
        assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
        let names: Vec<String> = tar::Archive::new(File::open(&one).unwrap())
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names.len(), 3);
        assert!(names.contains(&"manifest.json".to_owned()));
        fs::remove_dir_all(&dir).unwrap();
    }
}
