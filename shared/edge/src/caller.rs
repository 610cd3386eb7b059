//! Who is calling: the cookie names a session, the session's row makes it true.

use crate::{Settings, cloud, now};
use ::cloud::{Cloud, CloudError, Table};
use api::{Kind, Problem};
use domain::session::Session;
use identity::SigningRing;
use lambda_http::Request;

/// The session's cookie. The prefix binds it to this host, to TLS and to the whole site.
pub const SESSION_COOKIE: &str = "__Host-session";

/// The environment's part of a [`Door`].
pub struct DoorSettings {
    table: String,
    site_origin: String,
    keys_secret: String,
}

impl DoorSettings {
    /// Reads the three variables.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Self {
        Self {
            table: settings.text("TABLE_NAME"),
            site_origin: settings.text("SITE_ORIGIN"),
            keys_secret: settings.text("SESSION_KEYS_SECRET_ARN"),
        }
    }
}

/// Why a function cannot know its callers.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The secret did not come.
    #[error("the session keys cannot be read")]
    Secret(#[from] CloudError),
    /// The secret is of no use.
    #[error("the session keys cannot be used")]
    Ring(#[from] identity::RingError),
}

/// What a function needs to know its callers.
pub struct Door {
    /// The keys that sign sessions.
    pub ring: SigningRing,
    /// The table with the sessions' rows.
    pub table: Table,
    /// The site's own origin.
    pub site_origin: String,
}

impl Door {
    /// Reads the signing keys and opens the table.
    pub async fn open(cloud: &Cloud, settings: DoorSettings) -> Result<Self, DoorError> {
        let ring = SigningRing::read(&cloud.secrets().read(&settings.keys_secret).await?)?;
        Ok(Self { ring, table: cloud.table(settings.table), site_origin: settings.site_origin })
    }

    /// The caller's live session, or 401. The row is read on every request, so signing out acts at once.
    pub async fn caller(&self, request: &Request) -> Result<Session, Problem> {
        let signed_out = || Problem::new(Kind::SignedOut, "Your session has ended or there is none.");
        let token = cookie(request, SESSION_COOKIE).ok_or_else(signed_out)?;
        let claims = self.ring.read_session(token, now()).ok_or_else(signed_out)?;
        let session = self.table.session(&claims.user, &claims.session).await.map_err(cloud)?;
        session.filter(|session| session.is_live(now())).ok_or_else(signed_out)
    }

    /// The caller of a change: the same, and the request came from our own site.
    pub async fn changer(&self, request: &Request) -> Result<Session, Problem> {
        let session = self.caller(request).await?;
        crate::same_site(request, &self.site_origin)?;
        Ok(session)
    }
}

/// The value of a cookie.
pub fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let lines = request.headers().get_all("cookie").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::{Body, http};

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let request =
            http::Request::get("/").header("cookie", "a=1; __Host-session2=x; __Host-session=y").body(Body::Empty);
        assert_eq!(cookie(&request.unwrap(), SESSION_COOKIE), Some("y"));
    }
}
