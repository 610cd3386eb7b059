//! An OpenID provider on 127.0.0.1: discovery, keys, and a token endpoint that is as strict as Google's, until a case
//! tells it to misbehave.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::keys::part;

pub(crate) const CLIENT_ID: &str = "our-client";
pub(crate) const CLIENT_SECRET: &str = "canary-secret";
pub(crate) const REDIRECT_URI: &str = "http://localhost:8300/api/auth/callback";

/// What an endpoint does when it is asked.
#[derive(Clone)]
pub(crate) enum Reply {
    /// It answers.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// It closes the connection without a word.
    HangUp,
    /// It keeps the connection and never answers.
    Silence,
}

impl Reply {
    pub(crate) fn json(body: &Value) -> Self {
        Self::text(200, body.to_string())
    }

    pub(crate) fn text(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answer { status, mut headers, body } => {
                headers.push((name, value.to_owned()));
                Self::Answer { status, headers, body }
            }
            other => other,
        }
    }
}

/// A code on its way back.
struct Grant {
    challenge: String,
    redirect_uri: String,
}

/// What the provider does and has seen; a case changes the former and reads the latter.
pub(crate) struct State {
    pub(crate) discovery: Reply,
    pub(crate) keys: Reply,
    /// Instead of `id_token`, where a case wants no token at all.
    pub(crate) token: Option<Reply>,
    pub(crate) id_token: String,
    grants: BTreeMap<String, Grant>,
    issued: u32,
    asked: BTreeMap<String, u32>,
    silent: Vec<TcpStream>,
}

/// The running provider. Its thread ends with the test process.
pub(crate) struct Local {
    pub(crate) issuer: String,
    state: Arc<Mutex<State>>,
}

impl Local {
    pub(crate) fn start(keys: &[Value]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            discovery: Reply::json(&discovery(&issuer)),
            keys: Reply::json(&json!({ "keys": keys })),
            token: None,
            id_token: String::new(),
            grants: BTreeMap::new(),
            issued: 0,
            asked: BTreeMap::new(),
            silent: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &shared);
            }
        });
        Self { issuer, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Publishes these keys from now on.
    pub(crate) fn publish(&self, keys: &[Value]) {
        self.state().keys = Reply::json(&json!({ "keys": keys }));
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> u32 {
        self.state().asked.get(path).copied().unwrap_or(0)
    }

    /// The person signs in at the login page; returns the code that the browser brings back.
    pub(crate) fn authorize(&self, login_url: &str) -> String {
        let url = Url::parse(login_url).unwrap();
        assert_eq!(
            format!("{}{}", url.origin().ascii_serialization(), url.path()),
            format!("{}/authorize", self.issuer)
        );
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT_ID);
        assert_eq!(query["scope"], "openid email profile");
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(!query["state"].is_empty() && !query["nonce"].is_empty());
        let grant = Grant { challenge: query["code_challenge"].clone(), redirect_uri: query["redirect_uri"].clone() };
        let mut state = self.state();
        state.issued += 1;
        let code = format!("canary-code-{}", state.issued);
        state.grants.insert(code.clone(), grant);
        code
    }
}

/// The provider's honest discovery document.
pub(crate) fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

/// Answers one request and closes: each request of ours is a connection that can be counted.
fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let Some((path, body)) = read_request(&mut reader) else { return };
    let mut stream = reader.into_inner();
    let mut state = state.lock().unwrap();
    *state.asked.entry(path.clone()).or_default() += 1;
    let reply = match path.as_str() {
        "/.well-known/openid-configuration" => state.discovery.clone(),
        "/keys" => state.keys.clone(),
        "/token" => exchange(&mut state, &body),
        _ => Reply::text(404, ""),
    };
    match reply {
        Reply::Answer { status, headers, body } => {
            let length = body.len();
            let mut head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n");
            for (name, value) in headers {
                head.extend([name, ": ", &value, "\r\n"]);
            }
            head += "\r\n";
            // Who finds an answer too long hangs up before its end: that is the case, not a fault of the provider.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
        Reply::HangUp => {}
        Reply::Silence => state.silent.push(stream),
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

/// The token endpoint: every rule that a provider enforces on us comes before what the case wants.
fn exchange(state: &mut State, body: &[u8]) -> Reply {
    let form: BTreeMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
    let text = |name: &str| form.get(name).map_or("", String::as_str);
    let refused = |status, error| Reply::text(status, json!({ "error": error }).to_string());
    if text("client_id") != CLIENT_ID || text("client_secret") != CLIENT_SECRET {
        return refused(401, "invalid_client");
    }
    if text("grant_type") != "authorization_code" {
        return refused(400, "unsupported_grant_type");
    }
    let Some(grant) = state.grants.remove(text("code")) else { return refused(400, "invalid_grant") };
    let challenge = part(Sha256::digest(text("code_verifier")));
    if grant.redirect_uri != text("redirect_uri") || grant.challenge != challenge {
        return refused(400, "invalid_grant");
    }
    let tokens = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": state.id_token });
    state.token.clone().unwrap_or_else(|| Reply::json(&tokens))
}
