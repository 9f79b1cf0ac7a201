import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from '../../log.ts';
import { LedgerError } from '../error.ts';
import { inTransaction } from './transaction.ts';

/** The steps of the file's schema; `user_version` counts the steps taken. Never edit a step that has shipped. */
const MIGRATIONS: readonly string[] = [
  `
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
  `,
  `
  ALTER TABLE generations ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE generations ADD COLUMN parent_url TEXT;
  ALTER TABLE generations ADD COLUMN lasting INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE generations ADD COLUMN notified_at INTEGER;
  ALTER TABLE tasks ADD COLUMN attachment_id TEXT;
  ALTER TABLE reference_images ADD COLUMN source TEXT NOT NULL DEFAULT 'discord' CHECK (source IN ('discord', 'service'));
  CREATE INDEX generations_of_message ON generations (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX tasks_with_image ON tasks (generation_id) WHERE image_url IS NOT NULL;

  CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    content    TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX drafts_of_user ON drafts (user_id);
  CREATE INDEX drafts_by_age ON drafts (created_at);

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

  -- Keys of their own: VACUUM may renumber the rows of a table that has none.
  CREATE TABLE prompt_keys (
    key           INTEGER PRIMARY KEY,
    generation_id TEXT NOT NULL UNIQUE REFERENCES generations (id) ON DELETE CASCADE
  ) STRICT;
  CREATE VIRTUAL TABLE prompt_search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');
  INSERT INTO prompt_search (prompt_search, rank) VALUES ('secure-delete', 1);
  INSERT INTO prompt_keys (generation_id) SELECT id FROM generations;
  INSERT INTO prompt_search (rowid, words)
    SELECT key, search_words(prompt) FROM prompt_keys JOIN generations ON id = generation_id;
  CREATE TRIGGER prompt_written AFTER INSERT ON generations BEGIN
    INSERT INTO prompt_keys (generation_id) VALUES (new.id);
    INSERT INTO prompt_search (rowid, words)
      SELECT key, search_words(new.prompt) FROM prompt_keys WHERE generation_id = new.id;
  END;
  CREATE TRIGGER prompt_forgotten AFTER DELETE ON prompt_keys BEGIN
    DELETE FROM prompt_search WHERE rowid = old.key;
  END;
  `,
  `
  -- How long tasks took; nothing personal, so that it outlives its generations.
  CREATE TABLE durations (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    took_ms     INTEGER NOT NULL,
    foretold_ms INTEGER
  ) STRICT;
  CREATE INDEX durations_of_kind ON durations (kind, id);

  -- When its turn came, and how many may run at once by the limits that it came with.
  ALTER TABLE generations ADD COLUMN started_at INTEGER;
  ALTER TABLE generations ADD COLUMN running_limits TEXT;
  UPDATE generations SET started_at = created_at;
  CREATE INDEX generations_open_of_user ON generations (user_id, guild_id) WHERE settled_at IS NULL;
  CREATE INDEX generations_open_of_guild ON generations (guild_id, user_id) WHERE settled_at IS NULL;

  -- Until when the service presumably goes on with what was cancelled.
  ALTER TABLE tasks ADD COLUMN busy_until INTEGER;
  CREATE INDEX tasks_busy ON tasks (busy_until) WHERE busy_until IS NOT NULL;

  -- What counts towards limits: one row for each task that may cost, for as long as a limit looks back. It outlives its
  -- generation, since deleting an image doesn't make it unmade.
  CREATE TABLE charges (
    task_id    TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    guild_id   TEXT,
    model      TEXT NOT NULL,
    coins      REAL NOT NULL,
    charged_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX charges_by_age ON charges (charged_at);
  CREATE INDEX charges_of_user ON charges (user_id, charged_at);
  CREATE INDEX charges_of_guild ON charges (guild_id, charged_at);
  -- Given back where the service certainly took nothing.
  CREATE TRIGGER charge_given_back AFTER UPDATE OF state ON tasks
    WHEN new.state = 'refused' OR (new.state = 'cancelled' AND new.service_task_id IS NULL)
  BEGIN
    DELETE FROM charges WHERE task_id = new.id;
  END;

  -- Whether a default gave way to the server's rules.
  ALTER TABLE generations ADD COLUMN adapted INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE server_rules (
    guild_id TEXT PRIMARY KEY,
    rules    TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit (
    id         TEXT PRIMARY KEY,
    guild_id   TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    change     TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_of_guild ON audit (guild_id, id);
  CREATE INDEX audit_of_user ON audit (user_id, id);
  CREATE INDEX audit_by_age ON audit (changed_at);

  -- What the owner has been told of, until it is over.
  CREATE TABLE warnings (
    kind    TEXT PRIMARY KEY,
    since   INTEGER NOT NULL,
    told_at INTEGER
  ) STRICT;
  `,
  `
  -- It read everybody's prompts to search one person's. Their own are read one by one instead.
  DROP TRIGGER prompt_written;
  DROP TRIGGER prompt_forgotten;
  DROP TABLE prompt_search;
  DROP TABLE prompt_keys;

  -- What is deleted goes in small steps, each of which finds its rows by these.
  CREATE INDEX generations_finished_by_age ON generations (created_at) WHERE settled_at IS NOT NULL;
  CREATE INDEX generations_finished_of_user ON generations (user_id, id) WHERE settled_at IS NOT NULL;
  CREATE INDEX tasks_with_file ON tasks (image_file) WHERE image_file IS NOT NULL;

  -- With what limits add up in the index itself.
  DROP INDEX charges_by_age;
  DROP INDEX charges_of_user;
  DROP INDEX charges_of_guild;
  CREATE INDEX charges_by_age ON charges (charged_at, coins);
  CREATE INDEX charges_of_user ON charges (user_id, charged_at, coins, guild_id);
  CREATE INDEX charges_of_guild ON charges (guild_id, charged_at, coins);

  -- Whose data is being deleted, up to which generation: a restart half-way goes on with it.
  CREATE TABLE forgetting (
    user_id TEXT PRIMARY KEY,
    up_to   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The files that drafts name, so that nobody has to look through their content for one.
  CREATE TABLE draft_files (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    file     TEXT NOT NULL,
    PRIMARY KEY (draft_id, file)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_files_by_file ON draft_files (file);
  INSERT OR IGNORE INTO draft_files
    SELECT drafts.id, value ->> '$.file' FROM drafts, json_each(content, '$.references')
    WHERE value ->> '$.file' IS NOT NULL;
  CREATE TRIGGER draft_written AFTER INSERT ON drafts BEGIN
    INSERT OR IGNORE INTO draft_files
      SELECT new.id, value ->> '$.file' FROM json_each(new.content, '$.references') WHERE value ->> '$.file' IS NOT NULL;
  END;
  CREATE TRIGGER draft_changed AFTER UPDATE OF content ON drafts BEGIN
    DELETE FROM draft_files WHERE draft_id = new.id;
    INSERT OR IGNORE INTO draft_files
      SELECT new.id, value ->> '$.file' FROM json_each(new.content, '$.references') WHERE value ->> '$.file' IS NOT NULL;
  END;
  `,
  `
  -- What was charged in each quarter of an hour, for everybody ('') and for each server: a limit per day for all of them
  -- adds up a hundred rows and not each image of the day. The triggers keep it in the transaction of the charge itself.
  CREATE TABLE charge_sums (
    guild_id  TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    coins     REAL NOT NULL,
    images    INTEGER NOT NULL,
    PRIMARY KEY (guild_id, starts_at)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO charge_sums
    SELECT '', charged_at - charged_at % 900000, sum(coins), count(*) FROM charges GROUP BY 2;
  INSERT INTO charge_sums
    SELECT guild_id, charged_at - charged_at % 900000, sum(coins), count(*) FROM charges
    WHERE guild_id IS NOT NULL GROUP BY 1, 2;
  CREATE TRIGGER charge_added AFTER INSERT ON charges BEGIN
    INSERT INTO charge_sums
      SELECT value, new.charged_at - new.charged_at % 900000, new.coins, 1 FROM json_each(json_array('', new.guild_id))
      WHERE value IS NOT NULL
      ON CONFLICT (guild_id, starts_at) DO UPDATE SET coins = coins + excluded.coins, images = images + 1;
  END;
  CREATE TRIGGER charge_removed AFTER DELETE ON charges BEGIN
    UPDATE charge_sums SET coins = coins - old.coins, images = images - 1
      WHERE guild_id IN ('', old.guild_id) AND starts_at = old.charged_at - old.charged_at % 900000;
    DELETE FROM charge_sums
      WHERE guild_id IN ('', old.guild_id) AND starts_at = old.charged_at - old.charged_at % 900000 AND images <= 0;
  END;
  `,
  `
  ALTER TABLE generations ADD COLUMN waiting_since INTEGER;
  `,
  `
  ALTER TABLE generations ADD COLUMN transparent INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Whether Discord's own header names the person, as it does above what a command is answered with.
  ALTER TABLE generations ADD COLUMN named INTEGER NOT NULL DEFAULT 1;
  `,
  `
  -- What the image looks like, small, for as long as there is the row.
  ALTER TABLE tasks ADD COLUMN thumbnail_file TEXT;
  CREATE INDEX tasks_with_thumbnail ON tasks (thumbnail_file) WHERE thumbnail_file IS NOT NULL;
  `,
  `
  -- When its owner made it a favourite.
  ALTER TABLE generations ADD COLUMN starred_at INTEGER;
  CREATE INDEX generations_starred ON generations (user_id, id) WHERE starred_at IS NOT NULL;
  `,
  `
  -- What the service billed for the task, in its coins: the charge is corrected to it, and what such an image cost last is
  -- kept, all in the transaction in which the task tells. Until then a charge has what it was expected to cost.
  ALTER TABLE tasks ADD COLUMN cost REAL;
  -- What its price goes by: images of one kind cost the same.
  ALTER TABLE charges ADD COLUMN kind TEXT;
  CREATE TABLE last_costs (
    kind  TEXT PRIMARY KEY,
    coins REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- The service's public prices, by the names under which it bills.
  CREATE TABLE catalog_prices (
    name  TEXT PRIMARY KEY,
    coins REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Where images were counted, each was written down as one coin. Nobody knows what they cost.
  UPDATE charge_sums SET coins = 0 WHERE NOT EXISTS (SELECT 1 FROM charge_sums WHERE coins <> images);
  UPDATE charges SET coins = 0 WHERE NOT EXISTS (SELECT 1 FROM charges WHERE coins <> 1);

  CREATE TRIGGER cost_told AFTER UPDATE OF cost ON tasks WHEN new.cost IS NOT NULL AND new.cost IS NOT old.cost BEGIN
    INSERT INTO last_costs (kind, coins)
      SELECT kind, new.cost FROM charges WHERE task_id = new.id AND kind IS NOT NULL AND new.cost > 0
      ON CONFLICT (kind) DO UPDATE SET coins = excluded.coins;
    UPDATE charges SET coins = new.cost WHERE task_id = new.id;
  END;
  CREATE TRIGGER charge_corrected AFTER UPDATE OF coins ON charges BEGIN
    UPDATE charge_sums SET coins = coins + new.coins - old.coins
      WHERE guild_id IN ('', new.guild_id) AND starts_at = new.charged_at - new.charged_at % 900000;
  END;

  -- The sums of everybody outlive the charges: they tell what the last seven days cost. Only what is given back leaves them.
  DROP TRIGGER charge_removed;
  DROP TRIGGER charge_given_back;
  CREATE TRIGGER charge_given_back AFTER UPDATE OF state ON tasks
    WHEN new.state = 'refused' OR (new.state = 'cancelled' AND new.service_task_id IS NULL)
  BEGIN
    UPDATE charge_sums
      SET coins = coins - (SELECT coins FROM charges WHERE task_id = new.id), images = images - 1
      WHERE guild_id = '' AND starts_at = (SELECT charged_at - charged_at % 900000 FROM charges WHERE task_id = new.id);
    DELETE FROM charges WHERE task_id = new.id;
  END;
  CREATE TRIGGER charge_removed AFTER DELETE ON charges WHEN old.guild_id IS NOT NULL BEGIN
    UPDATE charge_sums SET coins = coins - old.coins, images = images - 1
      WHERE guild_id = old.guild_id AND starts_at = old.charged_at - old.charged_at % 900000;
    DELETE FROM charge_sums
      WHERE guild_id = old.guild_id AND starts_at = old.charged_at - old.charged_at % 900000 AND images <= 0;
  END;
  `,
  `
  -- The process that serves it, or has settled it.
  ALTER TABLE generations ADD COLUMN lease_owner TEXT;
  DROP INDEX generations_unsettled;
  CREATE INDEX generations_unsettled ON generations (lease_owner, id) WHERE settled_at IS NULL;

  -- Since when it is over; null while it lasts.
  ALTER TABLE warnings ADD COLUMN over_at INTEGER;
  `,
  `
  ALTER TABLE reference_images ADD COLUMN is_mask INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- The tool that made the picture from another one, instead of a model, and how many times larger.
  ALTER TABLE generations ADD COLUMN tool TEXT;
  ALTER TABLE generations ADD COLUMN tool_factor INTEGER;
  `,
  `
  -- What a tool that answers with words is told besides, and its words.
  ALTER TABLE generations ADD COLUMN tool_options TEXT;
  ALTER TABLE tasks ADD COLUMN answer TEXT;
  `,
];

/**
 * Brings the file up to date in one transaction. If the process dies, the next one starts over. Throws when a newer
 * version of the bot has written the file.
 */
export function migrate(db: DatabaseSync, log?: Logger): void {
  const from = requireKnownSchema(db);
  const to = MIGRATIONS.length;
  if (from === to) return;
  const begunAt = performance.now();
  // A new file takes no time, so it isn't logged.
  if (from > 0)
    log?.info({ from, to }, 'the ledger is brought up to date; with many images that takes a while');
  inTransaction(db, () => {
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.exec(`PRAGMA user_version = ${to}`);
  });
  const tookMs = Math.round(performance.now() - begunAt);
  if (from > 0) log?.info({ from, to, tookMs }, 'the ledger is up to date');
}

/** The number of steps that the file has taken. Throws a {@link LedgerError} when this bot knows fewer. */
export function requireKnownSchema(db: DatabaseSync): number {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    throw new LedgerError(
      `The ledger was written by a newer version of the bot (schema ${version}, this one knows ${MIGRATIONS.length}). ` +
        'Update the bot, or point DATABASE_PATH to another file.',
    );
  }
  return version;
}
