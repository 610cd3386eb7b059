//! A program that calls with a key. The route table says what a key needs where; its row says what it has.

use crate::caller::Door;
use crate::{cloud, header, now, route_key};
use api::routes;
use api::{Kind, Problem};
use domain::api_key::{ApiKey, Secret};
use lambda_http::Request;

impl Door {
    /// The live key in this `Authorization` header, if the route takes keys and this one has the scope for it.
    pub(crate) async fn key(&self, request: &Request, authorization: &str) -> Result<ApiKey, Problem> {
        let scope = routes::scope(&route_key(request)).ok_or_else(|| {
            Problem::new(
                Kind::KeyRefused,
                "This is for people: sign in on the site. Keys make, read and delete models.",
            )
        })?;
        let secret = secret(authorization).ok_or_else(|| {
            Problem::new(Kind::KeyInvalid, "Send `Authorization: Bearer i3d_…`, the key whole and unchanged.")
        })?;
        let key = self.live_key(&secret.hash()).await?;
        if !key.scopes.contains(&scope) {
            let detail = format!("This asks for the scope `{}`. Make a key that has it.", scope.word());
            return Err(Problem::new(Kind::ScopeMissing, detail));
        }
        self.see(&key).await;
        Ok(key)
    }

    /// The key of this hash, unless it was revoked or has ended.
    pub(crate) async fn live_key(&self, hash: &str) -> Result<ApiKey, Problem> {
        let found = self.table.api_key_by_hash(hash).await.map_err(cloud)?;
        found.filter(|key| key.is_live(now())).ok_or_else(|| {
            Problem::new(Kind::KeyInvalid, "It is unknown, was revoked or has ended. Make another one on the site.")
        })
    }

    /// Writes down now and then that a key is used. Nobody is refused because it fails: the next use writes it.
    async fn see(&self, key: &ApiKey) {
        if let Some(seen) = key.seen(now())
            && let Err(error) = self.table.keep_api_key(&seen).await
        {
            tracing::warn!(why = %error, "the use of a key is not written down: {error}");
        }
    }
}

/// What a request says of itself beside a cookie; anything at all counts, so that nothing is passed over in silence.
pub(crate) fn authorization(request: &Request) -> Option<&str> {
    request.headers().contains_key("authorization").then(|| header(request, "authorization").unwrap_or_default())
}

fn secret(authorization: &str) -> Option<Secret> {
    let (scheme, key) = authorization.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { Secret::parse(key.trim()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_key_after_bearer_is_read() {
        let key = Secret::fresh(&[9; 160], false).reveal();
        assert!(secret(&format!("Bearer {key}")).is_some() && secret(&format!("bearer {key}")).is_some());
        for other in
            [key.clone(), format!("Basic {key}"), format!("Bearer {key}0"), format!("Bearer {key}, Bearer {key}")]
        {
            assert!(secret(&other).is_none(), "{other}");
        }
    }
}
