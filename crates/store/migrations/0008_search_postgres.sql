-- Texts as they are searched: folded once (domain::search), one row for each message and one for the client's name in each conversation.
-- It is written with the message. `search_n` is missing where an older release wrote the message, or none of this table was there yet;
-- those are made up for afterwards.

CREATE TABLE search_texts (
  -- Rises with the time: milliseconds, then 20 random bits.
  n BIGINT PRIMARY KEY,
  project_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  -- Nothing for the client's name.
  message_id TEXT,
  search_text TEXT NOT NULL
);
CREATE INDEX search_texts_of_conversation ON search_texts (conversation_id, n);
CREATE INDEX search_texts_of_channel ON search_texts (channel_id, n);
ALTER TABLE messages ADD COLUMN search_n BIGINT;
CREATE INDEX messages_not_searched ON messages (id) WHERE search_n IS NULL;

-- PostgreSQL finds runs of three characters by pg_trgm, an extension that comes with it and that the database's owner may put in.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
DO $$
DECLARE
  place TEXT;
BEGIN
  SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  EXECUTE format('CREATE INDEX search_index ON search_texts USING gin (search_text %I.gin_trgm_ops)', place);
END $$;
