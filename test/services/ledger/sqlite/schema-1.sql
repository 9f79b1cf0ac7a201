-- A ledger as schema version 1 made it. Never edit: such files exist.
CREATE TABLE generations (
  id                    TEXT PRIMARY KEY,
  interaction_id        TEXT NOT NULL UNIQUE,
  application_id        TEXT NOT NULL,
  token                 TEXT,
  token_at              INTEGER NOT NULL,
  user_id               TEXT NOT NULL,
  guild_id              TEXT,
  channel_id            TEXT,
  parent_id             TEXT,
  message_id            TEXT,
  message_channel_id    TEXT,
  private               INTEGER NOT NULL,
  locale                TEXT NOT NULL,
  attachment_size_limit INTEGER NOT NULL,
  prompt                TEXT NOT NULL,
  model                 TEXT NOT NULL,
  ratio                 TEXT NOT NULL,
  resolution            TEXT NOT NULL,
  quality               TEXT,
  created_at            INTEGER NOT NULL,
  acknowledged_at       INTEGER,
  cancel_requested_at   INTEGER,
  settled_at            INTEGER
) STRICT;
CREATE INDEX generations_unsettled ON generations (id) WHERE settled_at IS NULL;
CREATE INDEX generations_with_token ON generations (token_at) WHERE token IS NOT NULL;
CREATE INDEX generations_of_user ON generations (user_id, id);
CREATE INDEX generations_of_parent ON generations (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX generations_by_age ON generations (created_at);

CREATE TABLE tasks (
  id              TEXT PRIMARY KEY,
  generation_id   TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  state           TEXT NOT NULL DEFAULT 'reserved' CHECK (state IN (
    'reserved', 'submitting', 'running', 'completed', 'delivered', 'undeliverable',
    'failed', 'expired', 'cancelled', 'refused', 'unconfirmed')),
  service_task_id TEXT,
  image_url       TEXT,
  image_file      TEXT,
  reason          TEXT,
  service_words   TEXT,
  submitted_at    INTEGER,
  watched_since   INTEGER,
  ended_at        INTEGER
) STRICT;
CREATE INDEX tasks_of_generation ON tasks (generation_id, id);
CREATE INDEX tasks_not_delivered ON tasks (generation_id) WHERE state = 'undeliverable';

CREATE TABLE reference_images (
  generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  name          TEXT NOT NULL,
  url           TEXT,
  file          TEXT,
  PRIMARY KEY (generation_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_images_by_file ON reference_images (file);
