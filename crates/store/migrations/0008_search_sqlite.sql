-- Texts as they are searched: folded once (domain::search), one row for each message and one for the client's name in each conversation.
-- It is written with the message. `search_n` is missing where an older release wrote the message, or none of this table was there yet;
-- those are made up for afterwards.

CREATE TABLE search_texts (
  -- Rises with the time: milliseconds, then 20 random bits.
  n INTEGER PRIMARY KEY,
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

-- SQLite finds runs of three characters by FTS5. What is in `search_texts` is in the index, whoever writes it.

CREATE VIRTUAL TABLE search_index USING fts5 (
  search_text, content = 'search_texts', content_rowid = 'n', tokenize = 'trigram'
);
CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN
  INSERT INTO search_index (rowid, search_text) VALUES (new.n, new.search_text);
END;
CREATE TRIGGER search_texts_removed AFTER DELETE ON search_texts BEGIN
  INSERT INTO search_index (search_index, rowid, search_text) VALUES ('delete', old.n, old.search_text);
END;
CREATE TRIGGER search_texts_changed AFTER UPDATE OF search_text ON search_texts BEGIN
  INSERT INTO search_index (search_index, rowid, search_text) VALUES ('delete', old.n, old.search_text);
  INSERT INTO search_index (rowid, search_text) VALUES (new.n, new.search_text);
END;
