-- The record. Shared dialect of SQLite and PostgreSQL: TEXT, BIGINT, BOOLEAN; milliseconds for time; ids made by us.
-- Numbers that the rules count are BIGINT; texts that people write stand in rows that can be erased, never in `events`.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  finish_after_minutes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  availability TEXT NOT NULL,
  detach_after_minutes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE memberships (
  project_id TEXT NOT NULL REFERENCES projects (id),
  agent_id TEXT NOT NULL REFERENCES agents (id),
  agent_right TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, agent_id)
);
CREATE INDEX memberships_by_agent ON memberships (agent_id);

CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  -- What a website's script line carries; names the channel, proves nothing.
  public_key TEXT NOT NULL UNIQUE,
  -- The origins that may embed the widget, and its look, as JSON.
  settings TEXT NOT NULL,
  -- Sealed (see sealed.rs); a channel without secrets has none.
  sealed_secrets TEXT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX channels_by_project ON channels (project_id);

-- Access of agents who do not administer the project (N1).
CREATE TABLE assignments (
  channel_id TEXT NOT NULL REFERENCES channels (id),
  agent_id TEXT NOT NULL REFERENCES agents (id),
  project_id TEXT NOT NULL,
  PRIMARY KEY (channel_id, agent_id)
);

-- Whose counters and alerts a channel raises, among those with access (N1).
CREATE TABLE subscriptions (
  channel_id TEXT NOT NULL REFERENCES channels (id),
  agent_id TEXT NOT NULL REFERENCES agents (id),
  project_id TEXT NOT NULL,
  PRIMARY KEY (channel_id, agent_id)
);
CREATE INDEX subscriptions_by_agent ON subscriptions (agent_id);

CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  name TEXT NOT NULL,
  n_messages BIGINT NOT NULL,
  seen_n BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE contact_identities (
  channel_id TEXT NOT NULL REFERENCES channels (id),
  external_id TEXT NOT NULL,
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  project_id TEXT NOT NULL,
  PRIMARY KEY (channel_id, external_id)
);

CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  previous_id TEXT,
  rev BIGINT NOT NULL,
  assignee_id TEXT,
  fence BIGINT NOT NULL,
  turn TEXT NOT NULL,
  unanswered_since BIGINT NOT NULL,
  taken_at BIGINT,
  answered_at BIGINT,
  last_message_at BIGINT NOT NULL,
  n_alerts BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  close_reason TEXT,
  -- The one clock (A9); the alarm only says when to look.
  deadline_at BIGINT,
  first_n BIGINT NOT NULL,
  last_n BIGINT NOT NULL,
  preview_text TEXT NOT NULL,
  preview_from_contact BOOLEAN NOT NULL,
  deleted_at BIGINT
);
-- A contact has at most one open conversation in a channel.
CREATE UNIQUE INDEX conversations_open ON conversations (channel_id, contact_id)
  WHERE closed_at IS NULL AND deleted_at IS NULL;
CREATE INDEX conversations_finished ON conversations (channel_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX conversations_due ON conversations (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX conversations_by_contact ON conversations (contact_id, first_n);

CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  -- 1, 2, 3 … over all conversations of the contact.
  n BIGINT NOT NULL,
  -- The agent who wrote it and his name then; none if the contact did.
  agent_id TEXT,
  agent_name TEXT,
  text TEXT NOT NULL,
  at BIGINT NOT NULL,
  deleted_at BIGINT,
  UNIQUE (contact_id, n)
);

-- What an agent has seen of a conversation (N2).
CREATE TABLE reads (
  agent_id TEXT NOT NULL REFERENCES agents (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  project_id TEXT NOT NULL,
  n_alerts BIGINT NOT NULL,
  PRIMARY KEY (agent_id, conversation_id)
);

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  email TEXT NOT NULL,
  agent_right TEXT NOT NULL,
  -- SHA-256 of the code, in hex.
  code_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

-- Devices of agents, and site visitors.
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  -- SHA-256 of the token, in hex.
  hash TEXT NOT NULL UNIQUE,
  agent_id TEXT REFERENCES agents (id),
  contact_id TEXT REFERENCES contacts (id),
  channel_id TEXT REFERENCES channels (id),
  project_id TEXT,
  device TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);

-- The log: one topic and its next number for each event (locked first by every command).
CREATE TABLE log_heads (
  topic TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  -- The oldest number that the log still has.
  first_seq BIGINT NOT NULL
);

CREATE TABLE events (
  topic TEXT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  v BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- Who, as `agent:<id>`, `contact`, `clock`, `operator`.
  actor TEXT NOT NULL,
  cause TEXT,
  -- Ids and facts as JSON; no text, name or address.
  data TEXT NOT NULL,
  PRIMARY KEY (topic, seq)
);
