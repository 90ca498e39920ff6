//! One suite for every place that files can be kept in, and what each place refuses.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tempfile::TempDir;
use testkit::s3::S3;

use super::*;

/// Runs every case in every place.
macro_rules! files_conformance {
    ($($case:ident,)*) => {
        mod in_a_folder {
            $(
                #[tokio::test]
                async fn $case() {
                    let (files, _folder) = super::folder();
                    super::$case(files).await;
                }
            )*
        }

        mod in_s3 {
            $(
                #[tokio::test]
                async fn $case() {
                    let server = testkit::s3::S3::start().await.unwrap();
                    super::$case(super::bucket(&server)).await;
                }
            )*
        }
    };
}

files_conformance! {
    a_file_of_any_size_comes_back_as_it_was,
    what_breaks_off_is_not_kept_and_what_was_there_stays,
    a_file_that_is_not_there_is_said_so_and_deleting_it_is_no_error,
    a_list_has_all_below_a_key_and_nothing_else,
    a_probe_leaves_nothing_behind,
}

fn folder() -> (Files, TempDir) {
    let data = tempfile::tempdir().unwrap();
    let files = Files::open_with(None, data.path(), []).unwrap();
    (files, data)
}

/// A prefix of its own beside somebody else's file, which must never show.
fn bucket(server: &S3) -> Files {
    std::fs::write(server.folder().join("theirs"), "x").unwrap();
    let settings = server.settings("desk");
    let url = settings.iter().find(|(name, _)| *name == "DESKSIDE_FILES_URL").unwrap().1.clone();
    let variables = settings.map(|(name, value)| (name.to_owned(), value));
    Files::open_with(Some(&url), Path::new("nowhere"), variables).unwrap()
}

fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

/// So many bytes that differ from place to place, in pieces of an odd size.
fn bytes(n: usize, first: u8) -> Vec<Bytes> {
    let all: Vec<u8> = (0..=250_u8).cycle().skip(first.into()).take(n).collect();
    all.chunks(64 * 1024 + 1).map(Bytes::copy_from_slice).collect()
}

async fn put(files: &Files, at: &str, pieces: &[Bytes]) -> u64 {
    files.put(&key(at), stream::iter(pieces.iter().cloned().map(io::Result::Ok))).await.unwrap()
}

async fn get(files: &Files, at: &str) -> Vec<u8> {
    let file = files.get(&key(at)).await.unwrap();
    let all = file.body.try_collect::<Vec<Bytes>>().await.unwrap().concat();
    assert_eq!(all.len() as u64, file.size_bytes);
    all
}

async fn names(files: &Files, below: Option<&str>) -> Vec<String> {
    let below = below.map(key);
    let entries: Vec<Entry> = files.list(below.as_ref()).try_collect().await.unwrap();
    let mut names: Vec<String> = entries.into_iter().map(|entry| entry.key.to_string()).collect();
    names.sort();
    names
}

async fn a_file_of_any_size_comes_back_as_it_was(files: Files) {
    // F1: files of up to 20 MB
    for (n, first) in
        [(0, 0), (1, 1), (FOLDER_PIECE_BYTES, 7), (PIECE_BYTES - 1, 2), (PIECE_BYTES, 3), (20_000_000, 4), (3, 5)]
    {
        let pieces = bytes(n, first);
        assert_eq!(put(&files, "prj_a/att_1", &pieces).await, n as u64);
        assert!(get(&files, "prj_a/att_1").await == pieces.concat(), "{n} bytes");
    }
    let listed: Vec<Entry> = files.list(None).try_collect().await.unwrap();
    assert_eq!(listed, [Entry { key: key("prj_a/att_1"), size_bytes: 3 }], "replaced, not beside");
}

async fn what_breaks_off_is_not_kept_and_what_was_there_stays(files: Files) {
    put(&files, "old", &bytes(10, 0)).await;
    for n in [10, 3 * PIECE_BYTES] {
        for at in ["old", "new"] {
            let pieces = stream::iter(bytes(n, 1)).map(Ok).chain(stream::iter([Err("the line was cut")]));
            let error = files.put(&key(at), pieces).await.unwrap_err();
            assert!(matches!(error, FilesError::Broken(_)), "{error}");
        }
    }
    assert_eq!(names(&files, None).await, ["old"]);
    assert_eq!(get(&files, "old").await, bytes(10, 0).concat());
}

async fn a_file_that_is_not_there_is_said_so_and_deleting_it_is_no_error(files: Files) {
    put(&files, "a/b", &bytes(5, 0)).await;
    files.delete(&key("a/b")).await.unwrap();
    files.delete(&key("a/b")).await.unwrap();
    let error = files.get(&key("a/b")).await.err().unwrap();
    assert!(matches!(&error, FilesError::NotFound(gone) if *gone == key("a/b")), "{error}");
}

async fn a_list_has_all_below_a_key_and_nothing_else(files: Files) {
    assert_eq!(names(&files, None).await, [""; 0]);
    for at in ["a", "prj_a/1", "prj_a/2/x", "prj_ab/1"] {
        put(&files, at, &bytes(1, 0)).await;
    }
    assert_eq!(names(&files, None).await, ["a", "prj_a/1", "prj_a/2/x", "prj_ab/1"]);
    assert_eq!(names(&files, Some("prj_a")).await, ["prj_a/1", "prj_a/2/x"]);
    assert_eq!(names(&files, Some("nothing")).await, [""; 0]);
}

async fn a_probe_leaves_nothing_behind(files: Files) {
    files.probe().await.unwrap();
    assert_eq!(names(&files, None).await, [""; 0]);
}

#[tokio::test]
async fn what_others_put_into_the_folder_is_passed_over_and_nobody_else_may_enter_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (files, folder) = folder();
    let path = folder.path().join("files");
    put(&files, "ours", &bytes(1, 0)).await;
    std::fs::write(path.join("Theirs.TXT"), "x").unwrap();
    std::fs::write(path.join(".hidden"), "x").unwrap();
    assert_eq!(names(&files, None).await, ["ours"]);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(files.place(), path.to_str().unwrap());
}

#[tokio::test]
async fn an_address_names_a_folder_or_a_bucket_and_anything_else_is_refused_in_words() {
    let data = tempfile::tempdir().unwrap();
    let open = |url: &str, variables: &[(&str, &str)]| {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Files::open_with(Some(url), data.path(), variables).map(|files| files.place().to_owned())
    };
    let place = data.path().join("a b");
    let url = format!("file://{}", place.display().to_string().replace(' ', "%20"));
    assert_eq!(open(&url, &[]).unwrap(), place.to_str().unwrap());
    assert!(place.is_dir());

    let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "eu-central-1")];
    assert_eq!(open("s3://bucket/deskside", &keys).unwrap(), "s3://bucket/deskside");
    assert_eq!(open("s3://bucket", &keys).unwrap(), "s3://bucket/");
    for bad in
        ["", "bucket", "file://relative", "file://", "s3://", "s3:///prefix", "https://bucket.example", "s3://b/a//b"]
    {
        let words = open(bad, &[]).unwrap_err().to_string();
        assert!(words.starts_with("DESKSIDE_FILES_URL: "), "{bad:?}: {words}");
    }
    std::fs::write(data.path().join("a-file"), "").unwrap();
    let words = open(&format!("file://{}", data.path().join("a-file").display()), &[]).unwrap_err().to_string();
    assert!(words.contains("a-file"), "{words}");
}

#[test]
fn a_store_without_tls_is_only_taken_on_this_machine_or_when_it_is_asked_for() {
    let open = |endpoint: &str, allow: &str| {
        let variables = [("AWS_ENDPOINT_URL", endpoint), ("AWS_ALLOW_HTTP", allow)];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Files::open_with(Some("s3://bucket"), Path::new("nowhere"), variables)
    };
    for good in ["https://s3.example", "http://127.0.0.1:9000", "http://[::1]:9000/", "http://localhost"] {
        assert!(open(good, "false").is_ok(), "{good}");
    }
    for bad in ["http://s3.example", "http://127.0.0.1.example:9000", "http://localhost.example"] {
        let words = open(bad, "false").unwrap_err().to_string();
        assert!(words.contains("AWS_ALLOW_HTTP=true"), "{words}");
        assert!(open(bad, "true").is_ok(), "{bad}");
    }
    assert!(open("s3.example", "true").unwrap_err().to_string().contains("https"));
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_said_so_in_seconds() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let variables =
        [("AWS_ENDPOINT_URL", endpoint.as_str()), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let files = Files::open_with(Some("s3://bucket/a"), Path::new("nowhere"), variables).unwrap();
    let words = files.probe().await.unwrap_err().to_string();
    assert!(words.starts_with("writing files in s3://bucket/a: "), "{words}");
}

#[tokio::test]
async fn what_a_store_refuses_is_told_by_what_has_to_be_mended() {
    let server = S3::start().await.unwrap();
    let open = |url: &str, other: &[(&str, &str)]| {
        let variables = server.settings("desk").map(|(name, value)| {
            let value = other.iter().find(|(changed, _)| *changed == name).map_or(value, |(_, to)| (*to).to_owned());
            (name.to_owned(), value)
        });
        Files::open_with(Some(url), Path::new("nowhere"), variables).unwrap()
    };
    let missing = open("s3://nothing/desk", &[]).list(None).try_collect::<Vec<Entry>>().await.unwrap_err().to_string();
    assert!(missing.contains("s3://nothing/desk") && missing.contains("the bucket does not exist"), "{missing}");
    let url = format!("s3://{}/desk", server.bucket());
    let wrong = open(&url, &[("AWS_SECRET_ACCESS_KEY", "wrong")]).probe().await.unwrap_err().to_string();
    assert!(wrong.contains("AWS_SECRET_ACCESS_KEY"), "{wrong}");
    assert!(open(&url, &[]).probe().await.is_ok());
}
