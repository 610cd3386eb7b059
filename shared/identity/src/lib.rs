//! Sign-in with OpenID Connect and session tokens; the only crate that names a JWT library.
