-- Times that people set, why somebody is Offline, the clocks of a conversation, and blocks.

ALTER TABLE projects ADD COLUMN count_from_contact BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE agents ADD COLUMN offline_after_minutes BIGINT NOT NULL DEFAULT 15;
-- The last sign of life of any of his pages; 0 where an older release made the row, and then the next start fills it.
ALTER TABLE agents ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN offline_cause TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE agents ADD COLUMN offline_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN offline_by TEXT;
UPDATE agents SET offline_at = created_at;
CREATE INDEX agents_online ON agents (last_seen_at) WHERE availability = 'online';

-- Nothing where an older release made the row: the first unanswered message stands for it.
ALTER TABLE conversations ADD COLUMN contact_wrote_at BIGINT;
ALTER TABLE conversations ADD COLUMN detach_restarted_at BIGINT;
ALTER TABLE conversations ADD COLUMN finish_restarted_at BIGINT;
ALTER TABLE conversations ADD COLUMN blocked_at BIGINT;
-- What happens at `deadline_at`.
ALTER TABLE conversations ADD COLUMN due TEXT;
-- By the index of a contact's message numbers.
UPDATE conversations SET contact_wrote_at = (
  SELECT MAX(m.at) FROM messages m
  WHERE m.contact_id = conversations.contact_id AND m.n BETWEEN conversations.first_n AND conversations.last_n
    AND m.conversation_id = conversations.id AND m.agent_id IS NULL
);
UPDATE conversations SET due = CASE turn WHEN 'ours' THEN 'detach' ELSE 'finish' END WHERE deadline_at IS NOT NULL;
CREATE INDEX conversations_open_of_project ON conversations (project_id, id) WHERE closed_at IS NULL;
CREATE INDEX conversations_held ON conversations (assignee_id) WHERE assignee_id IS NOT NULL AND closed_at IS NULL;

-- The address that a site visitor wrote from last.
ALTER TABLE contacts ADD COLUMN last_ip TEXT;

CREATE TABLE blocks (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  -- The address that is kept out too, if it is.
  ip TEXT,
  agent_id TEXT NOT NULL REFERENCES agents (id),
  reason TEXT,
  since BIGINT NOT NULL,
  -- Nothing for ever.
  ends_at BIGINT,
  ended_at BIGINT,
  -- The agent who ended it; nobody if it ended by itself.
  ended_by TEXT
);
-- A contact has at most one block that has not ended.
CREATE UNIQUE INDEX blocks_present ON blocks (contact_id) WHERE ended_at IS NULL;
CREATE INDEX blocks_due ON blocks (ends_at) WHERE ended_at IS NULL AND ends_at IS NOT NULL;
CREATE INDEX blocks_by_ip ON blocks (project_id, ip) WHERE ended_at IS NULL AND ip IS NOT NULL;
CREATE INDEX blocks_of_project ON blocks (project_id, since, id) WHERE ended_at IS NULL;
