//! The signing secrets in force; read again when a signature does not fit, for they may have been rolled.

use api::{Kind, Problem};
use cloud::Secrets;
use domain::Timestamp;
use lambda_http::Error;
use money::{SecretRing, SignatureError};
use std::sync::{Arc, Mutex, PoisonError};

/// Forged calls must not become calls to Secrets Manager: at most one reading in this time, in seconds.
const PATIENCE_S: i64 = 60;

/// The secrets, and when they were read.
pub(crate) struct Keys {
    secrets: Secrets,
    arn: String,
    read: Mutex<(Arc<SecretRing>, Timestamp)>,
}

impl Keys {
    /// Reads them for the first time.
    pub(crate) async fn open(secrets: Secrets, arn: String) -> Result<Self, Error> {
        let ring = SecretRing::read(&secrets.read(&arn).await?)?;
        Ok(Self { secrets, arn, read: Mutex::new((Arc::new(ring), edge::now())) })
    }

    /// Whether Stripe signed these bytes just now; 400 if not, with nothing that helps a forger.
    pub(crate) async fn verify(&self, body: &[u8], header: &str) -> Result<(), Problem> {
        let (ring, at) = self.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = edge::now();
        let mut judged = ring.verify(body, header, now);
        if judged == Err(SignatureError::Unfit) && now.as_second() - at.as_second() >= PATIENCE_S {
            judged = self.again(now).await?.verify(body, header, now);
        }
        judged.map_err(|error| {
            tracing::warn!("a call is not Stripe's: {error}");
            Problem::new(Kind::BadRequest, "The signature does not fit, or is too old.")
        })
    }

    async fn again(&self, now: Timestamp) -> Result<Arc<SecretRing>, Problem> {
        let text = self.secrets.read(&self.arn).await.map_err(edge::cloud)?;
        let ring = Arc::new(SecretRing::read(&text).map_err(|error| Problem::ours(error.to_string()))?);
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = (ring.clone(), now);
        Ok(ring)
    }
}
