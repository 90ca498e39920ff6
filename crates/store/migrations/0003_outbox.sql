-- What is on its way to a messenger (design rule 9): a row is written with its message, and says what became of it.
-- The messengers fill it; a restored backup turns what was on its way into `unknown`, and the metric `outbox` counts what is not done.

CREATE TABLE outbox (
  message_id TEXT PRIMARY KEY REFERENCES messages (id),
  project_id TEXT NOT NULL REFERENCES projects (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  -- The message's number: a contact gets his messages in this order.
  n BIGINT NOT NULL,
  -- `queued`, `sending`, `sent`, `delivered`, `read`, `failed`, `unknown`.
  state TEXT NOT NULL,
  n_attempts BIGINT NOT NULL,
  -- When it may be tried again; nothing for at once.
  retry_at BIGINT,
  -- Until when one worker has it.
  leased_until BIGINT,
  -- Why it failed, as the messenger said it; no text of the message.
  error TEXT,
  updated_at BIGINT NOT NULL
);
-- One worker at a time per contact, in order.
CREATE INDEX outbox_in_order ON outbox (contact_id, n) WHERE state IN ('queued', 'sending');
-- What is due, and what is counted: without what is done, which grows for ever.
CREATE INDEX outbox_not_done ON outbox (state, retry_at) WHERE state IN ('queued', 'sending', 'failed', 'unknown');
