//! Opening a folder or a bucket.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, RetryConfig};

use crate::client::Https;
use crate::error::FilesError;
use crate::{FOLDER_PIECE_BYTES, PIECE_BYTES};

/// How often, and how long, a request is tried again that a store refused for the moment.
const RETRIES: usize = 3;
const RETRY_WITHIN: Duration = Duration::from_secs(20);

/// A store that can be used.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Where it is, in words.
    pub(crate) place: String,
    /// In pieces of how many bytes it takes a file.
    pub(crate) piece_bytes: usize,
}

/// Opens what the address names.
///
/// # Errors
/// [`FilesError::Address`].
pub(crate) fn open(
    url: Option<&str>,
    data: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Opened, FilesError> {
    let Some(url) = url else {
        return folder(&data.join("files"));
    };
    if let Some(path) = url.strip_prefix("file://") {
        // A host, or a path that begins nowhere, would be a folder below wherever the relay was started.
        let path = path.strip_prefix("localhost").unwrap_or(path);
        return if path.starts_with('/') { folder(&unescaped(path)) } else { Err(neither(url)) };
    }
    match url.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
        Some((bucket, prefix)) if !bucket.is_empty() => bucket_of(bucket, prefix, variables),
        _ => Err(neither(url)),
    }
}

fn neither(url: &str) -> FilesError {
    FilesError::Address(format!("give file:///folder or s3://bucket/prefix, not {url:?}"))
}

/// A path as it stands in an address: `%20` is a blank.
fn unescaped(path: &str) -> PathBuf {
    PathBuf::from(
        object_store::path::Path::from_url_path(path).map_or_else(|_| path.to_owned(), |path| format!("/{path}")),
    )
}

fn folder(path: &Path) -> Result<Opened, FilesError> {
    let wrong = |error: &dyn std::fmt::Display| FilesError::Address(format!("the folder {}: {error}", path.display()));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Files hold what people sent: only the relay's user may enter.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| wrong(&error))?;
    let store = LocalFileSystem::new_with_prefix(path).map_err(|error| wrong(&error))?.with_fsync(true);
    Ok(Opened { store: Arc::new(store), place: path.display().to_string(), piece_bytes: FOLDER_PIECE_BYTES })
}

fn bucket_of(
    bucket: &str,
    prefix: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Opened, FilesError> {
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_WITHIN, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_retry(retry).with_http_connector(Https);
    for (name, value) in variables {
        if name.starts_with("AWS_")
            && let Ok(key) = name.to_lowercase().parse::<AmazonS3ConfigKey>()
        {
            builder = builder.with_config(key, value);
        }
    }
    checked_endpoint(&builder)?;
    let wrong = |error: &dyn std::fmt::Display| FilesError::Address(format!("s3://{bucket}: {error}"));
    let store = builder.build().map_err(|error| wrong(&error))?;
    let prefix = object_store::path::Path::parse(prefix).map_err(|error| wrong(&error))?;
    let place = format!("s3://{bucket}/{prefix}");
    Ok(Opened { store: Arc::new(PrefixStore::new(store, prefix)), place, piece_bytes: PIECE_BYTES })
}

/// Without TLS everybody on the way could read clients' files: only on this machine, or when it is asked for.
fn checked_endpoint(builder: &AmazonS3Builder) -> Result<(), FilesError> {
    let value = |key| builder.get_config_value(&key).unwrap_or_default();
    let endpoints = [value(AmazonS3ConfigKey::S3Endpoint), value(AmazonS3ConfigKey::Endpoint)];
    let is_allowed = value(AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp)) == "true";
    for endpoint in endpoints.iter().filter(|endpoint| !endpoint.is_empty()) {
        let plain = endpoint.strip_prefix("http://");
        if plain.is_some_and(|host| !is_loopback(host) && !is_allowed) {
            return Err(FilesError::Address(format!(
                "{endpoint} is not encrypted; give AWS_ENDPOINT_URL by https, or AWS_ALLOW_HTTP=true if the network is yours alone"
            )));
        }
        if plain.is_none() && !endpoint.starts_with("https://") {
            return Err(FilesError::Address(format!("AWS_ENDPOINT_URL is an address by https, not {endpoint:?}")));
        }
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])))
}
