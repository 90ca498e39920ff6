//! Where files are kept: one is written, read and deleted.

use async_trait::async_trait;

use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};

const MEND: &str = "see whether the folder belongs to the user that the relay runs as; for a bucket, whether address, region and keys \
    (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) are right and allow to read, write and delete";

/// Looks at the store of files.
pub(super) struct Files;

#[async_trait]
impl Check for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    async fn look(&self, setup: &Setup, _: Running, looked: &mut Looked) {
        let url = setup.files_url.as_deref();
        if url.is_none() && setup.redis_url.is_some() {
            looked.note(
                "files are kept in this machine's data folder, where other relays do not find them",
                "give all relays the same DESKSIDE_FILES_URL: a bucket (s3://…), or a folder that all of them share (file:///…)",
            );
        }
        if url.is_none() && !setup.data.join("files").is_dir() {
            // To open it would make it, as this user and not as the relay's.
            return looked.fact("a folder in the data folder is made for them with the first one");
        }
        let files = match files::Files::open(url, &setup.data) {
            Ok(files) => files,
            Err(error) => {
                return looked.bad(error.to_string(), "give DESKSIDE_FILES_URL a folder or a bucket that is there");
            }
        };
        match files.probe().await {
            Ok(()) => looked.fact(format!("one was written, read and deleted in {}", files.place())),
            Err(error) => looked.bad(error.to_string(), MEND),
        }
    }
}
