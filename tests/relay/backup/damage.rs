//! Backups that are not what was written.

use std::path::Path;

use e2e::backups::{On, back_up, messages, restore, sql};
use sha2::{Digest as _, Sha256};
use store::secret::hex;

use super::{Desk, keep_file};

/// A way to spoil a backup, and what must be said of it.
type Damage = (&'static str, fn(&Path), &'static str);

fn change_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

fn record(folder: &Path) -> std::path::PathBuf {
    let names = ["record.db", "record.dump"].map(|name| folder.join(name));
    names.into_iter().find(|path| path.is_file()).unwrap()
}

/// Changes the manifest, whose own checksum fits again.
fn rewrite(folder: &Path, change: fn(String) -> String) {
    let path = folder.join("manifest.json");
    let text = change(std::fs::read_to_string(&path).unwrap());
    std::fs::write(folder.join("manifest.sha256"), format!("{}  manifest.json\n", hex(&Sha256::digest(&text))))
        .unwrap();
    std::fs::write(path, text).unwrap();
}

const DAMAGES: [Damage; 9] = [
    ("a byte of the record", |folder| change_byte(&record(folder)), "is damaged: record."),
    ("a byte of a file", |folder| change_byte(&folder.join("files/prj_a/att_1")), "is damaged: files/prj_a/att_1"),
    ("no record", |folder| std::fs::remove_file(record(folder)).unwrap(), "is damaged: record."),
    (
        "a file less",
        |folder| std::fs::remove_file(folder.join("files/prj_a/att_1")).unwrap(),
        "is damaged: files/prj_a/att_1",
    ),
    ("a byte of the manifest", |folder| change_byte(&folder.join("manifest.json")), "is damaged: manifest.json"),
    (
        "no checksum",
        |folder| std::fs::remove_file(folder.join("manifest.sha256")).unwrap(),
        "is damaged: manifest.json",
    ),
    ("no manifest", |folder| std::fs::remove_file(folder.join("manifest.json")).unwrap(), "is no backup"),
    (
        "a newer format",
        |folder| rewrite(folder, |text| text.replacen("\"format\": 1", "\"format\": 2", 1)),
        "the backup has format 2, and this program knows 1",
    ),
    (
        "a file outside of it",
        |folder| rewrite(folder, |text| text.replacen("files/prj_a/att_1", "files/../../att", 1)),
        "is damaged: files/../../att is nothing that a backup holds",
    ),
];

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if from.is_dir() {
            copy_folder(&from, &to.join(name));
        } else {
            std::fs::copy(from, to.join(name)).unwrap();
        }
    }
}

pub(super) async fn refused(on: On) {
    let mut desk = Desk::open(on).await;
    keep_file(&desk.relay, "prj_a/att_1", "a picture");
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    desk.client.writes("after the backup").await;
    desk.relay.terminate().await.unwrap();
    keep_file(&desk.relay, "prj_a/att_1", "another picture");
    let was = (messages(&desk.relay).await, sql(&desk.relay, "SELECT value FROM meta ORDER BY key").await);
    for (what, spoil, said) in DAMAGES {
        let spoiled = to.path().join(what);
        copy_folder(&backup, &spoiled);
        spoil(&spoiled);
        let words = restore(&desk.relay, &spoiled, &["--replace"]).await.expect_err(what);
        assert!(words.contains(said), "{what}: {words}");
        let is = (messages(&desk.relay).await, sql(&desk.relay, "SELECT value FROM meta ORDER BY key").await);
        assert_eq!(is, was, "{what}");
    }
    let file = e2e::backups::data(&desk.relay).join("files/prj_a/att_1");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "another picture");
    // A whole copy of it elsewhere is as good.
    let moved = to.path().join("moved");
    copy_folder(&backup, &moved);
    restore(&desk.relay, &moved, &["--replace"]).await.unwrap();
    assert_eq!(messages(&desk.relay).await.len(), was.0.len() - 1);
}
