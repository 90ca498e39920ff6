//! Inviting agents and taking invitations (J3).

use domain::agent::Right;
use domain::clock::DEFAULT_MINUTES;
use domain::id::{AgentId, InvitationId, ProjectId};
use domain::text::Name;
use domain::time::Span;
use protocol::frame::{Actor, EventData};

use crate::commands::presence::{subscribe, subscription_event};
use crate::commands::staff::ASSIGN;
use crate::commands::tokens::add_token;
use crate::db::{query, query_scalar};
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::{channels, projects};
use crate::rows::agents::{self, AgentRow};
use crate::rows::own;
use crate::secret;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

/// How long an invitation can be used (J3).
const LIFETIME: Span = Span::from_minutes(24 * 60);
/// Longest mail address that is taken, in characters.
const EMAIL_MAX_CHARS: usize = 254;

/// A new invitation.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The code, shown only here.
    pub code: String,
}

/// What taking an invitation gives.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// The device token, shown only here.
    pub token: String,
    /// Whose it is.
    pub agent: AgentId,
    /// His address.
    pub email: String,
    /// His name.
    pub name: String,
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
}

const ADD: &str = "
INSERT INTO invitations (id, project_id, email, agent_right, code_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

const TAKE: &str = "
UPDATE invitations SET used_at = $2
WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2
RETURNING project_id, email, agent_right";

const AGENT_BY_EMAIL: &str = "SELECT id FROM agents WHERE email = $1 AND deleted_at IS NULL";

const ADD_AGENT: &str = "
INSERT INTO agents (id, email, name, availability, detach_after_minutes, offline_after_minutes, last_seen_at, offline_cause, offline_at,
  created_at)
VALUES ($1, $2, $3, 'offline', $4, $4, $5, 'never_online', $5, $5)";

// A second invitation to the same project is a new device; it changes no right.
const JOIN: &str = "
INSERT INTO memberships (project_id, agent_id, agent_right, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id, agent_id) DO NOTHING";

impl Store {
    /// Invites an address to a project; the code can be used once, within 24 hours.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown project, [`StoreError::Value`] for what is no address.
    pub async fn invite(&self, project: ProjectId, email: String, right: Right) -> Result<Invited, StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| Box::pin(async move { invite(tx, &project, &email, right).await }))
            .await
    }

    /// Takes an invitation: makes the agent if he is new, gives him his right and access, and a device token.
    ///
    /// `signed_in` is who asks, if he proved it. An invitation for an agent of another project is taken by himself only.
    ///
    /// # Errors
    /// [`StoreError::InvitationInvalid`] if the code is unknown, used or too old; [`StoreError::SignInFirst`].
    pub async fn redeem(
        &self,
        code: String,
        name: Option<Name>,
        device: String,
        signed_in: Option<AgentId>,
    ) -> Result<Redeemed, StoreError> {
        let taken = Taken { code, name, device, signed_in };
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { redeem(tx, taken).await })).await
    }
}

/// The address as it is compared: trimmed, lower case.
fn checked_email(text: &str) -> Result<String, StoreError> {
    let email = text.trim().to_lowercase();
    let well_formed = email.chars().count() <= EMAIL_MAX_CHARS
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if well_formed {
        return Ok(email);
    }
    Err(StoreError::Value { field: "email", message: "give a mail address such as ann@example.com".to_owned() })
}

pub(crate) async fn invite(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    email: &str,
    right: Right,
) -> Result<Invited, StoreError> {
    projects::name(tx.conn, project).await?;
    let code = secret::new_code();
    query(ADD)
        .bind(InvitationId::new(tx.now, secret::random_id_bytes()).as_str())
        .bind(project.as_str())
        .bind(checked_email(email)?)
        .bind(agents::right_text(right))
        .bind(secret::hash(&code))
        .bind(tx.now.as_ms())
        .bind(tx.now.plus(LIFETIME).as_ms())
        .execute(&mut *tx.conn)
        .await?;
    Ok(Invited { code })
}

/// An invitation as it is taken.
struct Taken {
    code: String,
    name: Option<Name>,
    device: String,
    signed_in: Option<AgentId>,
}

async fn redeem(tx: &mut Tx<'_>, taken: Taken) -> Result<Redeemed, StoreError> {
    let Taken { code, name, device, signed_in } = taken;
    let code_hash = secret::hash(&code.trim().to_lowercase());
    let row = query(TAKE).bind(code_hash).bind(tx.now.as_ms()).fetch_optional(&mut *tx.conn).await?;
    let row = row.ok_or(StoreError::InvitationInvalid)?;
    let project: ProjectId = own(row.try_get("project_id")?)?;
    let email: String = row.try_get("email")?;
    let right: String = row.try_get("agent_right")?;
    let project_name = projects::name(tx.conn, &project).await?;
    let agent = agent_for(tx, &email, name).await?;
    let is_himself = signed_in.as_ref() == Some(&agent.id);
    let elsewhere = agents::projects(tx.conn, &agent.id).await?.iter().any(|(other, ..)| *other != project);
    if elsewhere && !is_himself {
        // The code is not used up: its savepoint is undone.
        return Err(StoreError::SignInFirst);
    }
    join(tx, &project, &agent, &right).await?;
    let token = secret::new_secret("dsd_");
    add_token(tx, &token, Some(&agent.id), None, &device).await?;
    Ok(Redeemed { token, agent: agent.id, email, name: agent.name, project, project_name })
}

async fn agent_for(tx: &mut Tx<'_>, email: &str, name: Option<Name>) -> Result<AgentRow, StoreError> {
    let known: Option<String> = query_scalar(AGENT_BY_EMAIL).bind(email).fetch_optional(&mut *tx.conn).await?;
    if let Some(id) = known {
        return agents::load(tx.conn, &own(id)?).await;
    }
    let first_part = email.split('@').next().unwrap_or(email);
    let name = name.map_or_else(|| first_part.to_owned(), |name| name.as_str().to_owned());
    let id = AgentId::new(tx.now, secret::random_id_bytes());
    query(ADD_AGENT)
        .bind(id.as_str())
        .bind(email)
        .bind(&name)
        .bind(i64::from(DEFAULT_MINUTES))
        .bind(tx.now.as_ms())
        .execute(&mut *tx.conn)
        .await?;
    agents::load(tx.conn, &id).await
}

/// Puts the agent into the project, on all its present channels, and tells everybody.
async fn join(tx: &mut Tx<'_>, project: &ProjectId, agent: &AgentRow, right: &str) -> Result<(), StoreError> {
    let joined = query(JOIN)
        .bind(project.as_str())
        .bind(agent.id.as_str())
        .bind(right)
        .bind(tx.now.as_ms())
        .execute(&mut *tx.conn)
        .await?;
    if joined == 0 {
        return Ok(());
    }
    for channel in channels::of_project(tx.conn, project).await? {
        query(ASSIGN)
            .bind(channel.id.as_str())
            .bind(agent.id.as_str())
            .bind(project.as_str())
            .execute(&mut *tx.conn)
            .await?;
        if subscribe(tx, &agent.id, &channel.id, project).await? {
            tx.append(subscription_event(&agent.id, &channel.id, true));
        }
    }
    let record = || Record { agent: Some(agent.id.to_string()), ..Record::default() };
    let actor = || Actor::Agent { agent_id: agent.id.to_string() };
    let member = agents::member(tx.conn, project, &agent.id).await?.ok_or(StoreError::NotFound)?;
    let theirs = EventData { agent: Some(member.view()), ..EventData::default() };
    let topic = Topic::Project(project.clone());
    tx.append(NewEvent { topic, kind: "agent_joined", actor: actor(), cause: None, record: record(), data: theirs });
    let rights = agents::projects(tx.conn, &agent.id).await?;
    let rights = rights.into_iter().map(|(project, _, right)| (project.to_string(), right.into())).collect();
    let mine = EventData { rights: Some(rights), ..EventData::default() };
    let topic = Topic::Agent(agent.id.clone());
    tx.append(NewEvent { topic, kind: "rights_changed", actor: actor(), cause: None, record: record(), data: mine });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case_and_checked() {
        // J3
        assert_eq!(checked_email(" Ann.Lee@Example.COM ").unwrap(), "ann.lee@example.com");
        for bad in ["", "ann", "@example.com", "ann@", "ann@example", "a b@example.com", "a@b@example.com"] {
            assert!(checked_email(bad).is_err(), "{bad}");
        }
    }
}
