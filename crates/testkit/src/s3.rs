//! A real S3 server for tests: in this process, with signatures checked, its objects in a temporary folder.
//!
//! A [`Proxy`](crate::proxy::Proxy) before it makes it slow, silent or unreachable.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::error_handling::HandleError;
use axum::http::StatusCode;
use s3s::HttpError;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const BUCKET: &str = "deskside";
const ACCESS_KEY: &str = "a-key-of-a-test";
/// Where the bucket is said to be; every signature names a region.
const REGION: &str = "us-east-1";

/// A server with one empty bucket, on a port of its own; it ends when dropped.
#[derive(Debug)]
pub struct S3 {
    url: String,
    secret_key: String,
    folder: TempDir,
    serving: JoinHandle<std::io::Result<()>>,
}

impl S3 {
    /// Makes the folder and serves it.
    ///
    /// # Errors
    /// When no port is free, or the folder cannot be made.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("deskside-s3-").tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let secret_key = format!("{:016x}", getrandom::u64()?);
        let files = FileSystem::new(folder.path()).map_err(|error| anyhow!("opening the folder: {error:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, secret_key.as_str()));
        // What S3 refuses is an answer; this is what cannot be read at all.
        let unreadable = async |error: HttpError| (StatusCode::BAD_REQUEST, format!("{error:?}"));
        let service = HandleError::new(service.build(), unreadable);
        let listener = TcpListener::bind("127.0.0.1:0").await.context("looking for a free port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let app = Router::new().fallback_service(service);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url, secret_key, folder, serving })
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name of its bucket.
    #[must_use]
    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// Who may use it.
    #[must_use]
    pub fn access_key(&self) -> &'static str {
        ACCESS_KEY
    }

    /// What he proves it with.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        &self.secret_key
    }

    /// The folder of the bucket's objects: one file each, whose path is the key.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// The environment of a relay that keeps its files there, below a prefix.
    #[must_use]
    pub fn settings(&self, prefix: &str) -> [(&'static str, String); 6] {
        self.settings_at(&self.url, prefix)
    }

    /// The same with the address of a proxy before it.
    #[must_use]
    pub fn settings_at(&self, url: &str, prefix: &str) -> [(&'static str, String); 6] {
        [
            ("DESKSIDE_FILES_URL", format!("s3://{BUCKET}/{prefix}")),
            ("AWS_ENDPOINT_URL", url.to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_key.clone()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[cfg(test)]
mod tests;
