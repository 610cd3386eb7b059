//! Who is calling: the cookie names a session, or a program brings a key; the row of either makes it true.

use crate::key::authorization;
use crate::{Counted, Settings, cloud, now};
use ::cloud::{Cloud, CloudError, Table, Visit};
use api::{Kind, Problem};
use domain::activity::{Activity, Deed};
use domain::api_key::ApiKey;
use domain::ids::{AccountId, UserId};
use domain::limits::{Limit, Whom};
use domain::place::Place;
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
    address_header: Option<String>,
}

impl DoorSettings {
    /// Reads the variables.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Self {
        Self {
            table: settings.text("TABLE_NAME"),
            site_origin: settings.text("SITE_ORIGIN"),
            keys_secret: settings.text("SESSION_KEYS_SECRET_ARN"),
            address_header: settings.perhaps("VIEWER_ADDRESS_HEADER"),
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

/// Who calls, and by what right.
pub struct Caller {
    /// The person in whose name it happens.
    pub user: UserId,
    /// The person's books.
    pub account: AccountId,
    /// How we know.
    pub by: By,
}

/// By what a caller is known.
pub enum By {
    /// The person, in a browser.
    Session(Session),
    /// A program of theirs.
    Key(ApiKey),
}

impl Caller {
    /// Whether this is a test key, which makes and sees nothing but tests.
    pub fn is_test(&self) -> bool {
        matches!(&self.by, By::Key(key) if key.test)
    }

    /// The session, where only a person may act. The route table refuses keys there long before.
    pub fn session(&self) -> Result<&Session, Problem> {
        match &self.by {
            By::Session(session) => Ok(session),
            By::Key(_) => Err(Problem::new(Kind::KeyRefused, "This is for people: sign in on the site.")),
        }
    }
}

/// What a function needs to know its callers.
pub struct Door {
    /// The keys that sign sessions.
    pub ring: SigningRing,
    /// The table with the sessions' rows.
    pub table: Table,
    /// The site's own origin.
    pub site_origin: String,
    /// The header in which whoever stands before the API says who called; without one, the API's own word.
    address_header: Option<String>,
}

impl Door {
    /// Reads the signing keys and opens the table.
    pub async fn open(cloud: &Cloud, settings: DoorSettings) -> Result<Self, DoorError> {
        let ring = SigningRing::read(&cloud.secrets().read(&settings.keys_secret).await?)?;
        let DoorSettings { table, site_origin, address_header, .. } = settings;
        Ok(Self { ring, table: cloud.table(table), site_origin, address_header })
    }

    /// From where a request comes.
    pub fn place(&self, request: &Request) -> Place {
        let told = self.address_header.as_deref().and_then(|name| crate::header(request, name));
        let seen = crate::source_address(request);
        let address = told.map_or_else(|| seen.unwrap_or_default(), without_port);
        Place::new(address, crate::header(request, "user-agent").unwrap_or_default())
    }

    /// A line for the security activity of whoever sends this request.
    pub fn visit(&self, request: &Request, deed: Deed) -> Result<Visit, Problem> {
        Ok(Visit { activity: Activity { deed, place: self.place(request), at: now() }, dice: crate::dice()? })
    }

    /// Counts the request against its limits; 429 with the wait if one is reached.
    pub async fn limit(&self, request: &Request, limits: &[Limit], caller: Option<&Caller>) -> Result<(), Problem> {
        self.count(request, limits, caller, &mut Counted::default()).await
    }

    /// The same; what is left goes into `counted` if a key calls, so that its program can pace itself.
    pub async fn count(
        &self,
        request: &Request,
        limits: &[Limit],
        caller: Option<&Caller>,
        counted: &mut Counted,
    ) -> Result<(), Problem> {
        let now = now();
        for limit in limits {
            let who = match (limit.whom, caller) {
                (Whom::Address, _) => self.place(request).address,
                (Whom::Person, Some(caller)) => caller.user.to_string(),
                (Whom::Key, Some(Caller { by: By::Key(key), .. })) => key.hash.clone(),
                (Whom::Person | Whom::Key, _) => continue,
            };
            let left = self.table.count(limit, &who, now).await.map_err(cloud)?;
            if matches!(caller, Some(Caller { by: By::Key(_), .. })) {
                counted.push(limit, left.unwrap_or(0), now);
            }
            if left.is_none() {
                tracing::warn!(limit = limit.name, "the limit of {} is reached", limit.name);
                return Err(Problem::too_often(limit.name, limit.most, limit.window_s, limit.retry_after_s(now)));
            }
        }
        Ok(())
    }

    /// Who calls, or 401: by a live session or, where the route takes one, by a live key with the scope for it. Both at once
    /// are refused: nobody could say whose right counts.
    pub async fn caller(&self, request: &Request) -> Result<Caller, Problem> {
        match (authorization(request), cookie(request, SESSION_COOKIE)) {
            (Some(_), Some(_)) => {
                Err(Problem::new(Kind::TwoCallers, "Leave out the `Authorization` header or the session's cookie."))
            }
            (Some(authorization), None) => {
                let key = self.key(request, authorization).await?;
                Ok(Caller { user: key.user.clone(), account: key.account.clone(), by: By::Key(key) })
            }
            (None, _) => {
                let session = self.session(request).await?;
                Ok(Caller { user: session.user.clone(), account: session.account.clone(), by: By::Session(session) })
            }
        }
    }

    /// The caller's live session, or 401. The row is read on every request, so signing out acts at once.
    async fn session(&self, request: &Request) -> Result<Session, Problem> {
        let token = cookie(request, SESSION_COOKIE).ok_or_else(signed_out)?;
        let claims = self.ring.read_session(token, now()).ok_or_else(signed_out)?;
        let session = self.table.session(&claims.user, &claims.session).await.map_err(cloud)?;
        let session = session.filter(|session| session.is_live(now())).ok_or_else(signed_out)?;
        if session.takes(claims.turn, now()) {
            return Ok(session);
        }
        // A token that was replaced long ago is used again: somebody copied it. Neither of the two stays signed in.
        tracing::warn!("a replaced token came back: its session ends");
        self.table.end_session(&session.user, &session.session).await.map_err(cloud)?;
        Err(signed_out())
    }

    /// Whether who called at the beginning of something long may still read. Only the row is asked: the token was looked at
    /// when the call came, and the browser may have got another one since.
    pub async fn still(&self, caller: &Caller) -> Result<(), Problem> {
        match &caller.by {
            By::Session(session) => {
                let session = self.table.session(&session.user, &session.session).await.map_err(cloud)?;
                session.filter(|session| session.is_live(now())).map(|_| ()).ok_or_else(signed_out)
            }
            By::Key(key) => self.live_key(&key.hash).await.map(|_| ()),
        }
    }

    /// The caller of a change: the same, and a browser's request came from our own site. A key never travels by itself as a
    /// cookie does, so with one it may come from anywhere.
    pub async fn changer(&self, request: &Request) -> Result<Caller, Problem> {
        let caller = self.caller(request).await?;
        match caller.by {
            By::Session(_) => crate::same_site(request, &self.site_origin)?,
            By::Key(_) => {}
        }
        Ok(caller)
    }

    /// The caller of a change who may use the service: has taken the first step, is not blocked, does not leave.
    pub async fn member(&self, request: &Request) -> Result<Caller, Problem> {
        let caller = self.changer(request).await?;
        self.table.profile(&caller.user).await.map_err(cloud)?.may_use()?;
        Ok(caller)
    }
}

fn signed_out() -> Problem {
    Problem::new(Kind::SignedOut, "Your session has ended or there is none.")
}

/// The address alone: `192.0.2.7:443` and `[2001:db8::7]:443`, or as `CloudFront` writes it `2001:db8::7:443`.
fn without_port(told: &str) -> &str {
    let address = told.rsplit_once(':').map_or(told, |(address, _)| address);
    address.trim_start_matches('[').trim_end_matches(']')
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
    fn an_address_loses_its_port() {
        for (told, address) in
            [("192.0.2.7:443", "192.0.2.7"), ("[2001:db8::7]:443", "2001:db8::7"), ("2001:db8::7:443", "2001:db8::7")]
        {
            assert_eq!(without_port(told), address);
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let request =
            http::Request::get("/").header("cookie", "a=1; __Host-session2=x; __Host-session=y").body(Body::Empty);
        assert_eq!(cookie(&request.unwrap(), SESSION_COOKIE), Some("y"));
    }
}
