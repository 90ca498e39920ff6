-- Files of templates (T2). A release without it goes on beside this one: it leaves them as they are.

-- Files as they were uploaded for templates. Their bytes are shared with the messages that they are sent with: each has a row of its own in
-- `attachments` with the same `file_key`.
CREATE TABLE template_files (
  id TEXT PRIMARY KEY,
  -- As of the template: one of the two.
  project_id TEXT REFERENCES projects (id),
  agent_id TEXT REFERENCES agents (id),
  name TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  width BIGINT,
  height BIGINT,
  sha256 TEXT NOT NULL,
  -- Where its bytes are.
  file_key TEXT NOT NULL,
  created_by TEXT NOT NULL REFERENCES agents (id),
  created_at BIGINT NOT NULL,
  -- The template that has it, and its place there, from 0; nothing until that is saved.
  template_id TEXT REFERENCES templates (id),
  place BIGINT,
  CHECK ((project_id IS NULL) <> (agent_id IS NULL))
);
CREATE INDEX template_files_of_template ON template_files (template_id, place) WHERE template_id IS NOT NULL;
CREATE INDEX template_files_not_saved ON template_files (created_at) WHERE template_id IS NULL;
CREATE INDEX template_files_of_file ON template_files (file_key);

-- What is an agent's own belongs to no project.
ALTER TABLE loose_files ALTER COLUMN project_id DROP NOT NULL;
