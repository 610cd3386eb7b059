//! Nobody goes round the firewall: CloudFront brings a secret header, and what comes without it is not answered.
//!
//! The functions know only its SHA-256, from their environment: no secret to read at a cold start, none to leak, and no
//! authorizer that would be called before each of them. The value is 256 random bits, so that its hash tells nothing.

use crate::{Settings, SettingsError, answer, header, readable, route_key};
use api::Problem;
use lambda_http::lambda_runtime::run;
use lambda_http::tower::ServiceBuilder;
use lambda_http::{Adapter, Body, Error, Request, Response, service_fn};
use sha2::{Digest, Sha256};

/// The header that CloudFront adds, whatever the visitor wrote into it.
const HEADER: &str = "x-origin-verify";

/// The hashes of the values that are taken; two while the value is changed, none on a laptop, where no CloudFront is.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    proofs: Vec<String>,
}

impl Origin {
    fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let settings = Settings::new(get);
        let told = settings.perhaps("ORIGIN_PROOFS").unwrap_or_default();
        settings
            .finish(Self { proofs: told.split(',').filter(|proof| !proof.is_empty()).map(ToOwned::to_owned).collect() })
    }

    /// 404 for whoever comes another way. A clock's event is let in: API Gateway never sends its route key.
    fn admit(&self, request: &Request) -> Result<(), Problem> {
        if self.proofs.is_empty() || route_key(request).starts_with("CLOCK ") {
            return Ok(());
        }
        let brought = format!("{:x}", Sha256::digest(header(request, HEADER).unwrap_or_default()));
        if self.proofs.contains(&brought) { Ok(()) } else { Err(Problem::not_found()) }
    }
}

/// Runs an HTTP function: whatever came through CloudFront goes to `handle`.
pub async fn serve<Handle, Answered>(get: impl Fn(&str) -> Option<String>, handle: Handle) -> Result<(), Error>
where
    Handle: Fn(Request) -> Answered + Sync,
    Answered: Future<Output = Result<Response<Body>, Error>> + Send,
{
    let origin = Origin::read(get)?;
    let (origin, handle) = (&origin, &handle);
    let admitted = service_fn(move |request: Request| async move {
        match origin.admit(&request) {
            Ok(()) => handle(request).await,
            Err(problem) => Ok(answer(&request, Err(problem))),
        }
    });
    run(ServiceBuilder::new().map_request(readable).service(Adapter::from(admitted))).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::request::from_str;

    const SHOW: &str = include_str!("../../../events/generations/show.json");
    const CLOCK: &str = include_str!("../../../events/clocks/billing.json");

    fn origin(values: &[&str]) -> Origin {
        let proofs: Vec<String> = values.iter().map(|value| format!("{:x}", Sha256::digest(value))).collect();
        Origin::read(|name| (name == "ORIGIN_PROOFS").then(|| proofs.join(","))).unwrap()
    }

    fn request(event: &str, brings: Option<&str>) -> Request {
        let mut request = from_str(event).unwrap();
        if let Some(value) = brings {
            request.headers_mut().insert(HEADER, value.parse().unwrap());
        }
        request
    }

    #[test]
    fn only_what_came_through_cloudfront_is_let_in() {
        let origin = origin(&["new", "old"]);
        for brings in ["new", "old"] {
            assert!(origin.admit(&request(SHOW, Some(brings))).is_ok(), "{brings}");
        }
        let hash = format!("{:x}", Sha256::digest("new"));
        for brings in [None, Some(""), Some("other"), Some("new,old"), Some(hash.as_str())] {
            assert_eq!(origin.admit(&request(SHOW, brings)).unwrap_err().kind.status(), 404, "{brings:?}");
        }
    }

    #[test]
    fn a_clock_needs_no_proof() {
        assert!(origin(&["new"]).admit(&request(CLOCK, None)).is_ok());
    }

    #[test]
    fn a_laptop_asks_for_none() {
        assert!(origin(&[]).admit(&request(SHOW, None)).is_ok());
    }
}
