-- What websites told of their clients' visits (I1): personal, so it stands here and never in `events`, and is deleted after its time.

CREATE TABLE visits (
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  -- What the tab calls its visit.
  tab TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES projects (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  ip TEXT,
  browser TEXT NOT NULL,
  screen_width BIGINT,
  screen_height BIGINT,
  language TEXT,
  started_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  here BOOLEAN NOT NULL,
  seconds BIGINT NOT NULL,
  n_pages BIGINT NOT NULL,
  -- The first page, and the newest, as JSON.
  start_page TEXT NOT NULL,
  pages TEXT NOT NULL,
  PRIMARY KEY (contact_id, tab)
);
CREATE INDEX visits_by_time ON visits (told_at);
