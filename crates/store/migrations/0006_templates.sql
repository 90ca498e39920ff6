-- Texts that agents keep for answers: one agent's own, or a project's.

CREATE TABLE templates (
  id TEXT PRIMARY KEY,
  -- One of the two.
  project_id TEXT REFERENCES projects (id),
  agent_id TEXT REFERENCES agents (id),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  rev BIGINT NOT NULL,
  created_by TEXT NOT NULL REFERENCES agents (id),
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CHECK ((project_id IS NULL) <> (agent_id IS NULL))
);
CREATE INDEX templates_of_project ON templates (project_id, id) WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX templates_of_agent ON templates (agent_id, id) WHERE deleted_at IS NULL AND agent_id IS NOT NULL;
