-- A ledger as schema version 5 made it. Never edit: such files exist.
CREATE TABLE audit (
    id         TEXT PRIMARY KEY,
    guild_id   TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    change     TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT;
CREATE TABLE charge_sums (
    guild_id  TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    coins     REAL NOT NULL,
    images    INTEGER NOT NULL,
    PRIMARY KEY (guild_id, starts_at)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE charges (
    task_id    TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    guild_id   TEXT,
    model      TEXT NOT NULL,
    coins      REAL NOT NULL,
    charged_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE draft_files (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    file     TEXT NOT NULL,
    PRIMARY KEY (draft_id, file)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    content    TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
CREATE TABLE durations (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    took_ms     INTEGER NOT NULL,
    foretold_ms INTEGER
  ) STRICT;
CREATE TABLE forgetting (
    user_id TEXT PRIMARY KEY,
    up_to   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
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
  , count INTEGER NOT NULL DEFAULT 1, parent_url TEXT, lasting INTEGER NOT NULL DEFAULT 1, notified_at INTEGER, started_at INTEGER, running_limits TEXT, adapted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE reference_images (
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    url           TEXT,
    file          TEXT, source TEXT NOT NULL DEFAULT 'discord' CHECK (source IN ('discord', 'service')),
    PRIMARY KEY (generation_id, position)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE server_rules (
    guild_id TEXT PRIMARY KEY,
    rules    TEXT NOT NULL
  ) STRICT;
CREATE TABLE settings (
    user_id              TEXT PRIMARY KEY,
    model                TEXT,
    ratio                TEXT,
    resolution           TEXT,
    quality              TEXT,
    private              INTEGER,
    notify               TEXT NOT NULL CHECK (notify IN ('off', 'mention', 'direct')),
    notify_after_seconds INTEGER NOT NULL
  ) STRICT;
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
  , attachment_id TEXT, busy_until INTEGER) STRICT;
CREATE TABLE warnings (
    kind    TEXT PRIMARY KEY,
    since   INTEGER NOT NULL,
    told_at INTEGER
  ) STRICT;
CREATE INDEX audit_by_age ON audit (changed_at);
CREATE INDEX audit_of_guild ON audit (guild_id, id);
CREATE INDEX audit_of_user ON audit (user_id, id);
CREATE INDEX charges_by_age ON charges (charged_at, coins);
CREATE INDEX charges_of_guild ON charges (guild_id, charged_at, coins);
CREATE INDEX charges_of_user ON charges (user_id, charged_at, coins, guild_id);
CREATE INDEX draft_files_by_file ON draft_files (file);
CREATE INDEX drafts_by_age ON drafts (created_at);
CREATE INDEX drafts_of_user ON drafts (user_id);
CREATE INDEX durations_of_kind ON durations (kind, id);
CREATE INDEX generations_by_age ON generations (created_at);
CREATE INDEX generations_finished_by_age ON generations (created_at) WHERE settled_at IS NOT NULL;
CREATE INDEX generations_finished_of_user ON generations (user_id, id) WHERE settled_at IS NOT NULL;
CREATE INDEX generations_of_message ON generations (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX generations_of_parent ON generations (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX generations_of_user ON generations (user_id, id);
CREATE INDEX generations_open_of_guild ON generations (guild_id, user_id) WHERE settled_at IS NULL;
CREATE INDEX generations_open_of_user ON generations (user_id, guild_id) WHERE settled_at IS NULL;
CREATE INDEX generations_unsettled ON generations (id) WHERE settled_at IS NULL;
CREATE INDEX generations_with_token ON generations (token_at) WHERE token IS NOT NULL;
CREATE INDEX reference_images_by_file ON reference_images (file);
CREATE INDEX tasks_busy ON tasks (busy_until) WHERE busy_until IS NOT NULL;
CREATE INDEX tasks_not_delivered ON tasks (generation_id) WHERE state = 'undeliverable';
CREATE INDEX tasks_of_generation ON tasks (generation_id, id);
CREATE INDEX tasks_with_file ON tasks (image_file) WHERE image_file IS NOT NULL;
CREATE INDEX tasks_with_image ON tasks (generation_id) WHERE image_url IS NOT NULL;
CREATE TRIGGER charge_added AFTER INSERT ON charges BEGIN
    INSERT INTO charge_sums
      SELECT value, new.charged_at - new.charged_at % 900000, new.coins, 1 FROM json_each(json_array('', new.guild_id))
      WHERE value IS NOT NULL
      ON CONFLICT (guild_id, starts_at) DO UPDATE SET coins = coins + excluded.coins, images = images + 1;
  END;
CREATE TRIGGER charge_given_back AFTER UPDATE OF state ON tasks
    WHEN new.state = 'refused' OR (new.state = 'cancelled' AND new.service_task_id IS NULL)
  BEGIN
    DELETE FROM charges WHERE task_id = new.id;
  END;
CREATE TRIGGER charge_removed AFTER DELETE ON charges BEGIN
    UPDATE charge_sums SET coins = coins - old.coins, images = images - 1
      WHERE guild_id IN ('', old.guild_id) AND starts_at = old.charged_at - old.charged_at % 900000;
    DELETE FROM charge_sums
      WHERE guild_id IN ('', old.guild_id) AND starts_at = old.charged_at - old.charged_at % 900000 AND images <= 0;
  END;
CREATE TRIGGER draft_changed AFTER UPDATE OF content ON drafts BEGIN
    DELETE FROM draft_files WHERE draft_id = new.id;
    INSERT OR IGNORE INTO draft_files
      SELECT new.id, value ->> '$.file' FROM json_each(new.content, '$.references') WHERE value ->> '$.file' IS NOT NULL;
  END;
CREATE TRIGGER draft_written AFTER INSERT ON drafts BEGIN
    INSERT OR IGNORE INTO draft_files
      SELECT new.id, value ->> '$.file' FROM json_each(new.content, '$.references') WHERE value ->> '$.file' IS NOT NULL;
  END;
PRAGMA user_version = 5;
