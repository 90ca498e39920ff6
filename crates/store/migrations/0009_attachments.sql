-- Files in messages (F1–F5), and what a channel's administrators switch on and off. A release without it goes on beside this one: it
-- writes messages without files.

-- Bytes in the store of files that no message stands for: on their way in, waiting to be sent, or to be deleted. A row is written
-- before its bytes and goes after them, or when they are sent, so that no bytes are forgotten.
CREATE TABLE loose_files (
  file_key TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX loose_files_by_age ON loose_files (created_at);

-- Files as people sent them.
CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  -- Nothing for a client's until it is sent.
  conversation_id TEXT REFERENCES conversations (id),
  -- Who sent it; nothing if the client did.
  agent_id TEXT REFERENCES agents (id),
  name TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  width BIGINT,
  height BIGINT,
  sha256 TEXT NOT NULL,
  -- Where its bytes are.
  file_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- The message that it was sent with, and its place there, from 0.
  message_id TEXT REFERENCES messages (id),
  place BIGINT
);
CREATE INDEX attachments_of_message ON attachments (message_id, place) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_not_sent ON attachments (created_at) WHERE message_id IS NULL;
CREATE INDEX attachments_waiting ON attachments (contact_id) WHERE message_id IS NULL;
CREATE INDEX attachments_of_file ON attachments (file_key);

-- How many files a message has: where there is none, none is looked for.
ALTER TABLE messages ADD COLUMN n_files BIGINT NOT NULL DEFAULT 0;

-- "Clients may send files" (F4).
ALTER TABLE channels ADD COLUMN files_allowed BOOLEAN NOT NULL DEFAULT TRUE;
-- Whether the pages of a visit are noted (W3).
ALTER TABLE channels ADD COLUMN visits_allowed BOOLEAN NOT NULL DEFAULT TRUE;
