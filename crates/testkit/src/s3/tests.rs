//! Through the client that a relay uses.

use std::path::Path;

use bytes::Bytes;
use files::{Files, Key};
use futures_util::{TryStreamExt as _, stream};

use super::*;

fn files(settings: [(&'static str, String); 6]) -> Files {
    let variables = settings.map(|(name, value)| (name.to_owned(), value));
    Files::open_with(Some(&variables[0].1), Path::new("nowhere"), variables.clone()).unwrap()
}

async fn put(files: &Files, key: &Key, body: Vec<u8>) -> u64 {
    files.put(key, stream::iter([std::io::Result::Ok(Bytes::from(body))])).await.unwrap()
}

async fn get(files: &Files, key: &Key) -> Vec<u8> {
    files.get(key).await.unwrap().body.try_collect::<Vec<Bytes>>().await.unwrap().concat()
}

#[tokio::test]
async fn objects_are_files_below_their_prefix() {
    let s3 = S3::start().await.unwrap();
    let files = files(s3.settings("desk"));
    files.probe().await.unwrap();
    let (small, large) = (Key::new("prj_1/small").unwrap(), Key::new("prj_1/large").unwrap());
    // The large one takes several requests.
    let bytes: Vec<u8> = (0..9_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    assert_eq!(put(&files, &small, b"hello".to_vec()).await, 5);
    put(&files, &large, bytes.clone()).await;
    assert_eq!(get(&files, &small).await, b"hello");
    assert!(get(&files, &large).await == bytes);
    assert_eq!(std::fs::read(s3.folder().join("desk/prj_1/small")).unwrap(), b"hello");
    let listed: Vec<files::Entry> = files.list(None).try_collect().await.unwrap();
    assert_eq!(listed.len(), 2);
    files.delete(&small).await.unwrap();
    assert!(files.get(&small).await.is_err());
}

#[tokio::test]
async fn nobody_without_the_key_gets_in() {
    let s3 = S3::start().await.unwrap();
    assert_eq!(reqwest::get(format!("{}/{BUCKET}?list-type=2", s3.url())).await.unwrap().status(), 403);
    let mut settings = s3.settings("desk");
    settings[3].1 = "another".to_owned();
    assert!(files(settings).probe().await.is_err());
}
