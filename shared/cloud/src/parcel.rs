//! An object that is written piece by piece, so that no more than a piece of it is in memory.

use crate::{CloudError, Objects};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

/// A piece goes out when so many bytes have come together (8 MiB; the storage wants at least 5).
const PIECE: usize = 8 * 1024 * 1024;

/// An object on its way. Dropped before [`Parcel::finish`], it is not there, and the bucket's rules clear its pieces away.
pub struct Parcel<'a> {
    objects: &'a Objects,
    key: &'a str,
    upload: String,
    parts: Vec<CompletedPart>,
    waiting: Vec<u8>,
    sent: u64,
}

impl Objects {
    /// Begins an object.
    pub async fn parcel<'a>(&'a self, key: &'a str, content_type: &str) -> Result<Parcel<'a>, CloudError> {
        let operation = "begin object";
        let request = self.client.create_multipart_upload().bucket(&self.bucket).key(key).content_type(content_type);
        let begun = request.send().await.map_err(|error| CloudError::of(operation, &error))?;
        let upload = begun.upload_id.ok_or(CloudError::Gone { operation })?;
        Ok(Parcel { objects: self, key, upload, parts: Vec::new(), waiting: Vec::new(), sent: 0 })
    }
}

impl Parcel<'_> {
    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.sent + u64::try_from(self.waiting.len()).unwrap_or(u64::MAX)
    }

    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds bytes; sends a piece when there are enough.
    pub async fn add(&mut self, bytes: &[u8]) -> Result<(), CloudError> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE { self.send().await } else { Ok(()) }
    }

    /// Sends the rest; from then on the object is there. Gives its size.
    pub async fn finish(mut self) -> Result<u64, CloudError> {
        self.send().await?;
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.parts))).build();
        let request = self
            .objects
            .client
            .complete_multipart_upload()
            .bucket(&self.objects.bucket)
            .key(self.key)
            .upload_id(&self.upload)
            .multipart_upload(parts);
        request.send().await.map_err(|error| CloudError::of("finish object", &error))?;
        Ok(self.sent)
    }

    async fn send(&mut self) -> Result<(), CloudError> {
        let operation = "send piece of object";
        let piece = std::mem::take(&mut self.waiting);
        let bytes = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let number = i32::try_from(self.parts.len() + 1).map_err(|error| CloudError::unreadable(operation, &error))?;
        let request = self
            .objects
            .client
            .upload_part()
            .bucket(&self.objects.bucket)
            .key(self.key)
            .upload_id(&self.upload)
            .part_number(number)
            .body(ByteStream::from(piece));
        let sent = request.send().await.map_err(|error| CloudError::of(operation, &error))?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
        self.sent += bytes;
        Ok(())
    }
}
