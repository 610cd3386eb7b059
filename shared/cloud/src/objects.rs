//! One bucket.

use crate::CloudError;
use crate::post_form::{PostForm, PostLimits, Signer};
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use domain::Timestamp;
use std::time::Duration;

/// A bucket.
pub struct Objects {
    pub(crate) client: Client,
    credentials: Option<SharedCredentialsProvider>,
    region: String,
    /// Where a browser posts to: the bucket's own host, or a path of an endpoint that was set.
    url: String,
    pub(crate) bucket: String,
}

/// What an object is, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its version.
    pub version: String,
    /// Its size.
    pub bytes: u64,
}

impl Objects {
    pub(crate) fn new(config: &SdkConfig, bucket: String) -> Self {
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let builder = aws_sdk_s3::config::Builder::from(config);
        let (builder, url) = match config.endpoint_url() {
            Some(endpoint) => (builder.force_path_style(true), format!("{endpoint}/{bucket}")),
            None => (builder, format!("https://{bucket}.s3.{region}.amazonaws.com/")),
        };
        Self {
            client: Client::from_conf(builder.build()),
            credentials: config.credentials_provider(),
            region,
            url,
            bucket,
        }
    }

    /// A form with which a browser uploads exactly one object within `limits`.
    pub async fn post_form(&self, limits: &PostLimits<'_>, now: Timestamp) -> Result<PostForm, CloudError> {
        let refused = |message: String| CloudError::Refused {
            operation: "sign upload form",
            code: "NoCredentials".to_owned(),
            message,
        };
        let provider = self.credentials.as_ref().ok_or_else(|| refused("none configured".to_owned()))?;
        let credentials = provider.provide_credentials().await.map_err(|error| refused(error.to_string()))?;
        let signer = Signer {
            access_key: credentials.access_key_id(),
            secret_key: credentials.secret_access_key(),
            session_token: credentials.session_token(),
            region: &self.region,
        };
        Ok(signer.sign(&self.url, &self.bucket, limits, now))
    }

    /// A link with which anybody gets one object for `seconds`; `name` is what a browser saves it as.
    pub async fn link(&self, key: &str, seconds: u64, name: Option<&str>) -> Result<String, CloudError> {
        let disposition = name.map(|name| format!("attachment; filename=\"{name}\""));
        self.sign(self.client.get_object().key(key).set_response_content_disposition(disposition), seconds).await
    }

    /// A link with which anybody gets one version of an object for `seconds`.
    pub async fn link_to_version(&self, key: &str, version: &str, seconds: u64) -> Result<String, CloudError> {
        self.sign(self.client.get_object().key(key).set_version_id(named(version)), seconds).await
    }

    async fn sign(&self, request: GetObjectFluentBuilder, seconds: u64) -> Result<String, CloudError> {
        let expiry = PresigningConfig::expires_in(Duration::from_secs(seconds))
            .map_err(|error| CloudError::unreadable("sign link", &error))?;
        let signed = request.bucket(&self.bucket).presigned(expiry).await;
        Ok(signed.map_err(|error| CloudError::of("sign link", &error))?.uri().to_owned())
    }

    /// What an object is; [`CloudError::Gone`] if it is not there.
    pub async fn head(&self, key: &str) -> Result<Head, CloudError> {
        let operation = "look at object";
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| CloudError::of(operation, &error))?;
        Ok(Head {
            version: head.version_id.unwrap_or_else(|| "null".to_owned()),
            bytes: head.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
        })
    }

    /// The bytes of one version of an object, or only its first `first` bytes.
    pub async fn get(&self, key: &str, version: Option<&str>, first: Option<u64>) -> Result<Vec<u8>, CloudError> {
        let operation = "read object";
        let range = first.map(|first| format!("bytes=0-{}", first.saturating_sub(1)));
        let request = self.client.get_object().bucket(&self.bucket).key(key).set_range(range);
        let request = request.set_version_id(version.and_then(named));
        let object = request.send().await.map_err(|error| CloudError::of(operation, &error))?;
        let body = object.body.collect().await;
        body.map(aws_sdk_s3::primitives::AggregatedBytes::to_vec)
            .map_err(|error| CloudError::Busy { operation, code: error.to_string() })
    }

    /// Stores an object.
    pub async fn put(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<(), CloudError> {
        let request = self.client.put_object().bucket(&self.bucket).key(key).content_type(content_type);
        let sent = request.body(ByteStream::from(bytes)).send().await;
        sent.map(|_| ()).map_err(|error| CloudError::of("store object", &error))
    }

    /// Whether any version of any object has a key that begins so.
    pub async fn has_any(&self, prefix: &str) -> Result<bool, CloudError> {
        let request = self.client.list_object_versions().bucket(&self.bucket).prefix(prefix).max_keys(1);
        let page = request.send().await.map_err(|error| CloudError::of("look for objects", &error))?;
        Ok(!page.versions.unwrap_or_default().is_empty() || !page.delete_markers.unwrap_or_default().is_empty())
    }

    /// Gives up every object that was begun under a prefix and never finished.
    pub async fn abandon(&self, prefix: &str) -> Result<(), CloudError> {
        let operation = "abandon objects";
        let request = self.client.list_multipart_uploads().bucket(&self.bucket).prefix(prefix);
        let page = request.send().await.map_err(|error| CloudError::of(operation, &error))?;
        for begun in page.uploads.unwrap_or_default() {
            let request = self.client.abort_multipart_upload().bucket(&self.bucket);
            let request = request.set_key(begun.key).set_upload_id(begun.upload_id);
            request.send().await.map_err(|error| CloudError::of(operation, &error))?;
        }
        Ok(())
    }

    /// Deletes every version of every object whose key begins with `prefix`; nothing there is fine.
    pub async fn erase(&self, prefix: &str) -> Result<(), CloudError> {
        let operation = "erase objects";
        loop {
            let page = self
                .client
                .list_object_versions()
                .bucket(&self.bucket)
                .prefix(prefix)
                .send()
                .await
                .map_err(|error| CloudError::of(operation, &error))?;
            let versions =
                page.versions.unwrap_or_default().into_iter().map(|version| (version.key, version.version_id));
            let markers =
                page.delete_markers.unwrap_or_default().into_iter().map(|marker| (marker.key, marker.version_id));
            let doomed: Vec<ObjectIdentifier> = versions
                .chain(markers)
                .filter_map(|(key, version)| ObjectIdentifier::builder().key(key?).set_version_id(version).build().ok())
                .collect();
            if doomed.is_empty() {
                return Ok(());
            }
            let delete = Delete::builder().set_objects(Some(doomed)).quiet(true).build();
            let delete = delete.map_err(|error| CloudError::unreadable(operation, &error))?;
            let answer = self.client.delete_objects().bucket(&self.bucket).delete(delete).send().await;
            let errors = answer.map_err(|error| CloudError::of(operation, &error))?.errors.unwrap_or_default();
            if let Some(error) = errors.first() {
                let code = error.code.clone().unwrap_or_default();
                return Err(CloudError::Refused {
                    operation,
                    code,
                    message: error.message.clone().unwrap_or_default(),
                });
            }
        }
    }
}

/// A version's name as S3 wants it: what was stored before there were versions has none.
fn named(version: &str) -> Option<String> {
    (version != "null").then(|| version.to_owned())
}
