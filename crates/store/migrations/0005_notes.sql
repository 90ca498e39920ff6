-- What agents write about a client for one another. The text stands here and never in `events`.

CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  agent_id TEXT NOT NULL REFERENCES agents (id),
  -- His name then.
  agent_name TEXT NOT NULL,
  text TEXT NOT NULL,
  at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX notes_by_contact ON notes (contact_id, at, id);
