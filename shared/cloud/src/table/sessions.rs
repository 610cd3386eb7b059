//! Sessions: where a person is signed in.

use super::{Table, row::Row};
use crate::{CloudError, keys};
use domain::ids::{SessionId, UserId};
use domain::session::Session;

impl Table {
    /// The session, if its row is still there. The caller judges whether it stands.
    pub async fn session(&self, user: &UserId, session: &SessionId) -> Result<Option<Session>, CloudError> {
        self.get("read session", keys::session(user, session)).await
    }

    /// All sessions of a person, ended ones that are not forgotten yet too.
    pub async fn sessions(&self, user: &UserId) -> Result<Vec<Session>, CloudError> {
        self.all("list sessions", keys::user_pk(user), keys::SESSION).await
    }

    /// Keeps what changed of a session, unless it was ended or turned meanwhile: then [`CloudError::Raced`].
    pub async fn keep_session(&self, before: &Session, now: &Session) -> Result<(), CloudError> {
        let read = aws_sdk_dynamodb::types::AttributeValue::N(before.turn.to_string());
        let put = self.put(&Row::session(now), "#turn = :read", &[(":read", read)])?;
        self.write("keep session", put).await
    }

    /// Ends a session; it may be gone already.
    pub async fn end_session(&self, user: &UserId, session: &SessionId) -> Result<(), CloudError> {
        self.forget("end session", keys::session(user, session)).await
    }

    /// Ends all sessions of a person.
    pub async fn end_sessions(&self, user: &UserId) -> Result<(), CloudError> {
        for session in self.sessions(user).await? {
            self.end_session(user, &session.session).await?;
        }
        Ok(())
    }
}
