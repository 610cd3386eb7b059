//! The signature of a browser's upload form (Signature Version 4, POST policy): the only upload whose size the bucket
//! itself bounds. The SDK signs GET and PUT only.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Timestamp, after};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What may be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct PostLimits<'a> {
    /// The exact key.
    pub key: &'a str,
    /// The exact media type.
    pub content_type: &'a str,
    /// The fewest bytes.
    pub min_bytes: u64,
    /// The most bytes.
    pub max_bytes: u64,
    /// The exact SHA-256, base64.
    pub sha256: &'a str,
    /// How long the form works, in seconds.
    pub seconds: i64,
}

/// A signed form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostForm {
    /// Where to send it.
    pub url: String,
    /// Its fields; the file comes after them.
    pub fields: BTreeMap<String, String>,
}

/// In whose name forms are signed.
pub struct Signer<'a> {
    /// The key's name.
    pub access_key: &'a str,
    /// The key.
    pub secret_key: &'a str,
    /// What a key for a while brings along.
    pub session_token: Option<&'a str>,
    /// The bucket's region.
    pub region: &'a str,
}

impl Signer<'_> {
    /// Signs a form that uploads one object within `limits` to the bucket at `url`.
    pub fn sign(&self, url: &str, bucket: &str, limits: &PostLimits<'_>, now: Timestamp) -> PostForm {
        let date = now.strftime("%Y%m%d").to_string();
        let mut fields: BTreeMap<String, String> = [
            ("key", limits.key.to_owned()),
            ("Content-Type", limits.content_type.to_owned()),
            ("x-amz-checksum-algorithm", "SHA256".to_owned()),
            ("x-amz-checksum-sha256", limits.sha256.to_owned()),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("x-amz-credential", format!("{}/{date}/{}/s3/aws4_request", self.access_key, self.region)),
            ("x-amz-date", now.strftime("%Y%m%dT%H%M%SZ").to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(token) = self.session_token {
            fields.insert("x-amz-security-token".to_owned(), token.to_owned());
        }
        let mut conditions = vec![serde_json::json!({ "bucket": bucket })];
        conditions.extend(fields.iter().map(|(name, value)| serde_json::json!({ name: value })));
        conditions.push(serde_json::json!(["content-length-range", limits.min_bytes, limits.max_bytes]));
        let expiration = after(now, limits.seconds).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let policy =
            STANDARD.encode(serde_json::json!({ "expiration": expiration, "conditions": conditions }).to_string());
        let signature = signature(self.secret_key, &date, self.region, &policy);
        fields.insert("policy".to_owned(), policy);
        fields.insert("x-amz-signature".to_owned(), signature);
        PostForm { url: url.to_owned(), fields }
    }
}

fn signature(secret_key: &str, date: &str, region: &str, policy: &str) -> String {
    let first = format!("AWS4{secret_key}").into_bytes();
    let key = [date, region, "s3", "aws4_request", policy].iter().fold(first, |key, text| hmac(&key, text));
    key.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes a key of any length, so this cannot fail; an empty key would only make a signature nobody accepts.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of "Examples: Browser-Based Upload using HTTP POST" in the Amazon S3 API reference.
    #[test]
    fn the_signature_is_the_published_one() {
        let policy = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
        let found = signature("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20151229", "us-east-1", policy);
        assert_eq!(found, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    #[test]
    fn every_field_but_the_signature_stands_in_the_policy() {
        let signer = Signer { access_key: "AK", secret_key: "SK", session_token: Some("ST"), region: "eu-central-1" };
        let limits = PostLimits {
            key: "uploads/u/p",
            content_type: "image/png",
            min_bytes: 9,
            max_bytes: 9,
            sha256: "x=",
            seconds: 300,
        };
        let form = signer.sign("http://b", "b", &limits, Timestamp::from_second(1_451_347_200).unwrap());
        let policy = String::from_utf8(STANDARD.decode(&form.fields["policy"]).unwrap()).unwrap();
        for (name, value) in
            form.fields.iter().filter(|(name, _)| !["policy", "x-amz-signature"].contains(&name.as_str()))
        {
            assert!(policy.contains(&format!("{{\"{name}\":\"{value}\"}}")), "{name} in {policy}");
        }
        assert!(policy.contains(r#""expiration":"2015-12-29T00:05:00Z""#), "{policy}");
        assert!(policy.contains(r#"["content-length-range",9,9]"#), "{policy}");
    }
}
