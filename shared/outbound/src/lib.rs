//! Requests to addresses that strangers named: pictures to fetch, webhooks to call.
//!
//! Whoever names an address must not make us ask inside our own network. So a request goes by https to port 443 of public
//! addresses alone. A name is resolved once, by us, and what was checked is what is connected to: a name that changes its mind
//! in between gains nothing. Redirects are followed by hand, each checked like the first. No proxy, no cookie, no credential
//! and no header of ours goes along.

mod address;
mod error;
mod resolve;
mod settings;
mod target;

pub use address::is_public;
pub use error::OutboundError;
pub use settings::{Settings, SettingsError};
pub use target::Target;

use reqwest::header::LOCATION;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response, redirect};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Redirects that a GET follows.
const MAX_REDIRECTS: u32 = 3;
/// The most that is kept of the answer to a POST, in bytes.
const BEGINNING: usize = 1024;

/// What a GET brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What it says to be, in lower case and without parameters; empty if it says nothing.
    pub content_type: String,
    /// All of it.
    pub body: Vec<u8>,
}

/// What a POST was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The HTTP status; a redirect is not followed.
    pub status: u16,
    /// From the first look-up of the name to the end of what was read.
    pub took: Duration,
    /// The first bytes of the answer, at most 1024.
    pub beginning: Vec<u8>,
}

/// The client. What it sends with is made by the first call that needs it: reading the roots of trust is most of a function's start.
pub struct Outbound {
    /// Goes to public addresses by https.
    guarded: OnceLock<Client>,
    /// Goes only to what the settings name: see [`Settings`].
    plain: OnceLock<Client>,
    settings: Settings,
}

impl Outbound {
    /// A client that nothing was sent with yet.
    pub fn new(settings: Settings) -> Self {
        Self { guarded: OnceLock::new(), plain: OnceLock::new(), settings }
    }

    /// The same, ready to send: for whoever asks an address in every call, so that the first one does not wait for it.
    pub fn ready(self) -> Result<Self, OutboundError> {
        self.guarded()?;
        Ok(self)
    }

    fn guarded(&self) -> Result<&Client, OutboundError> {
        once(&self.guarded, || builder().https_only(true).dns_resolver(Arc::new(resolve::Public)))
    }

    /// Whether `address` may be asked, as far as can be said without asking: its spelling, and where its name leads right now.
    pub async fn check(&self, address: &str) -> Result<(), OutboundError> {
        match Target::read(address, &self.settings.also)? {
            Target::Also(_) => Ok(()),
            Target::Public(url) => self.in_time(resolve::check(&url)).await,
        }
    }

    /// Fetches `address`, at most `max_bytes` of it, through at most three redirects. Anything but a 200 is an error.
    pub async fn get(&self, address: &str, max_bytes: usize) -> Result<Fetched, OutboundError> {
        self.in_time(self.follow(address, max_bytes)).await
    }

    async fn follow(&self, address: &str, max_bytes: usize) -> Result<Fetched, OutboundError> {
        let mut target = Target::read(address, &self.settings.also)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = send(self.request(Method::GET, &target)?).await?;
            if !response.status().is_redirection() {
                return fetched(response, max_bytes).await;
            }
            target = self.next(&target, &response)?;
        }
        Err(OutboundError::Redirects { most: MAX_REDIRECTS })
    }

    /// Where a redirect leads, checked like the first address.
    fn next(&self, target: &Target, response: &Response) -> Result<Target, OutboundError> {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let answered = OutboundError::Answered { status: response.status().as_u16() };
        let next = target.url().join(location.ok_or(answered)?).map_err(|_| OutboundError::Unreadable)?;
        Target::read(next.as_str(), &self.settings.also)
    }

    /// Posts `body` to `address`. Every answer is a good one here; the caller judges its status.
    pub async fn post(&self, address: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Posted, OutboundError> {
        let begun = Instant::now();
        let target = Target::read(address, &self.settings.also)?;
        let request = self.request(Method::POST, &target)?.body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.in_time(async {
            let mut response = send(request).await?;
            let beginning = beginning(&mut response).await;
            Ok(Posted { status: response.status().as_u16(), took: begun.elapsed(), beginning })
        })
        .await
    }

    fn request(&self, method: Method, target: &Target) -> Result<RequestBuilder, OutboundError> {
        let client = match target {
            Target::Public(_) => self.guarded()?,
            Target::Also(_) => once(&self.plain, builder)?,
        };
        Ok(client.request(method, target.url().clone()))
    }

    /// One limit over everything: names, connections, redirects and bodies that trickle.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, OutboundError>>) -> Result<T, OutboundError> {
        let too_slow = OutboundError::TooSlow { most_ms: self.settings.patience.as_millis() };
        tokio::time::timeout(self.settings.patience, work).await.map_err(|_| too_slow)?
    }
}

/// What both clients have in common.
fn builder() -> ClientBuilder {
    Client::builder()
        .user_agent("ImageTo3D")
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        // Functions sleep between calls, and what was open is then closed without a word.
        .pool_max_idle_per_host(0)
}

/// A client that is made when it is first needed. Of two first calls at once both make one, and one of them stays.
fn once(client: &OnceLock<Client>, builder: impl FnOnce() -> ClientBuilder) -> Result<&Client, OutboundError> {
    if let Some(made) = client.get() {
        return Ok(made);
    }
    let made = builder().build().map_err(|error| OutboundError::unreachable(&error))?;
    Ok(client.get_or_init(|| made))
}

async fn send(request: RequestBuilder) -> Result<Response, OutboundError> {
    request.send().await.map_err(|error| OutboundError::unreachable(&error))
}

/// Reads a body, and stops where it is too long: what it says of its length is not believed.
async fn fetched(mut response: Response, max_bytes: usize) -> Result<Fetched, OutboundError> {
    let status = response.status().as_u16();
    if status != 200 {
        return Err(OutboundError::Answered { status });
    }
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = content_type.and_then(|text| text.split(';').next()).unwrap_or_default();
    let content_type = content_type.trim().to_ascii_lowercase();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| OutboundError::unreachable(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(OutboundError::TooLarge { most: max_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { content_type, body })
}

/// The first bytes of an answer, as far as they come.
async fn beginning(response: &mut Response) -> Vec<u8> {
    let mut kept = Vec::new();
    while kept.len() < BEGINNING
        && let Ok(Some(chunk)) = response.chunk().await
    {
        kept.extend_from_slice(&chunk);
    }
    kept.truncate(BEGINNING);
    kept
}
