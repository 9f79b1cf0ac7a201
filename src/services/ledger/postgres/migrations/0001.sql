-- What the ledger holds. Times are milliseconds since the epoch; text sorts by its bytes, as SQLite has it.
-- The processes that serve generations. Their leases last until then, by this server's clock.
CREATE TABLE processes (
  id          TEXT COLLATE "C" PRIMARY KEY,
  alive_until BIGINT NOT NULL
);

CREATE TABLE generations (
  id                    TEXT COLLATE "C" PRIMARY KEY,
  interaction_id        TEXT COLLATE "C" NOT NULL UNIQUE,
  application_id        TEXT NOT NULL,
  token                 TEXT,
  token_at              BIGINT NOT NULL,
  user_id               TEXT COLLATE "C" NOT NULL,
  guild_id              TEXT COLLATE "C",
  channel_id            TEXT,
  parent_id             TEXT COLLATE "C",
  parent_url            TEXT,
  message_id            TEXT COLLATE "C",
  message_channel_id    TEXT,
  private               INTEGER NOT NULL,
  adapted               INTEGER NOT NULL,
  named                 INTEGER NOT NULL,
  lasting               INTEGER NOT NULL,
  locale                TEXT NOT NULL,
  attachment_size_limit INTEGER NOT NULL,
  prompt                TEXT NOT NULL,
  model                 TEXT COLLATE "C" NOT NULL,
  ratio                 TEXT NOT NULL,
  resolution            TEXT NOT NULL,
  quality               TEXT,
  transparent           INTEGER NOT NULL,
  count                 INTEGER NOT NULL,
  -- The tool that made the picture from another one, instead of a model, and how many times larger.
  tool                  TEXT,
  tool_factor           INTEGER,
  running_limits        TEXT,
  created_at            BIGINT NOT NULL,
  acknowledged_at       BIGINT,
  waiting_since         BIGINT,
  started_at            BIGINT,
  cancel_requested_at   BIGINT,
  notified_at           BIGINT,
  settled_at            BIGINT,
  starred_at            BIGINT,
  -- The process that serves it, or has settled it.
  lease_owner           TEXT COLLATE "C"
);
CREATE INDEX generations_of_user ON generations (user_id, id);
CREATE INDEX generations_of_parent ON generations (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX generations_of_message ON generations (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX generations_with_token ON generations (token_at) WHERE token IS NOT NULL;
CREATE INDEX generations_starred ON generations (user_id, id) WHERE starred_at IS NOT NULL;
CREATE INDEX generations_unsettled ON generations (lease_owner, id) WHERE settled_at IS NULL;
CREATE INDEX generations_open_of_user ON generations (user_id, guild_id) WHERE settled_at IS NULL;
CREATE INDEX generations_open_of_guild ON generations (guild_id, user_id) WHERE settled_at IS NULL;
CREATE INDEX generations_finished_by_age ON generations (created_at) WHERE settled_at IS NOT NULL;
CREATE INDEX generations_finished_of_user ON generations (user_id, id) WHERE settled_at IS NOT NULL;

CREATE TABLE tasks (
  id              TEXT COLLATE "C" PRIMARY KEY,
  generation_id   TEXT COLLATE "C" NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  state           TEXT COLLATE "C" NOT NULL DEFAULT 'reserved' CHECK (state IN (
    'reserved', 'submitting', 'running', 'completed', 'delivered', 'undeliverable',
    'failed', 'expired', 'cancelled', 'refused', 'unconfirmed')),
  service_task_id TEXT,
  image_url       TEXT,
  image_file      TEXT COLLATE "C",
  thumbnail_file  TEXT COLLATE "C",
  attachment_id   TEXT,
  reason          TEXT,
  service_words   TEXT,
  submitted_at    BIGINT,
  watched_since   BIGINT,
  ended_at        BIGINT,
  busy_until      BIGINT,
  cost            DOUBLE PRECISION
);
CREATE INDEX tasks_of_generation ON tasks (generation_id, id);
CREATE INDEX tasks_not_delivered ON tasks (generation_id) WHERE state = 'undeliverable';
CREATE INDEX tasks_with_image ON tasks (generation_id) WHERE image_url IS NOT NULL;
CREATE INDEX tasks_busy ON tasks (busy_until) WHERE busy_until IS NOT NULL;
CREATE INDEX tasks_with_file ON tasks (image_file) WHERE image_file IS NOT NULL;
CREATE INDEX tasks_with_thumbnail ON tasks (thumbnail_file) WHERE thumbnail_file IS NOT NULL;

CREATE TABLE reference_images (
  generation_id TEXT COLLATE "C" NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  name          TEXT NOT NULL,
  source        TEXT NOT NULL CHECK (source IN ('discord', 'service')),
  url           TEXT,
  file          TEXT COLLATE "C",
  is_mask       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (generation_id, position)
);
CREATE INDEX reference_images_by_file ON reference_images (file) WHERE file IS NOT NULL;

CREATE TABLE drafts (
  id         TEXT COLLATE "C" PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL,
  content    TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX drafts_of_user ON drafts (user_id, id);
CREATE INDEX drafts_by_age ON drafts (created_at);

-- The files that drafts name, so that nobody has to look through their content for one.
CREATE TABLE draft_files (
  draft_id TEXT COLLATE "C" NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  file     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (draft_id, file)
);
CREATE INDEX draft_files_by_file ON draft_files (file);
CREATE FUNCTION draft_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM draft_files WHERE draft_id = new.id;
  INSERT INTO draft_files
    SELECT new.id, reference ->> 'file' FROM json_array_elements(new.content::json -> 'references') AS reference
    WHERE reference ->> 'file' IS NOT NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER draft_written AFTER INSERT OR UPDATE OF content ON drafts
  FOR EACH ROW EXECUTE FUNCTION draft_written();

CREATE TABLE settings (
  user_id              TEXT COLLATE "C" PRIMARY KEY,
  model                TEXT,
  ratio                TEXT,
  resolution           TEXT,
  quality              TEXT,
  private              INTEGER,
  notify               TEXT NOT NULL CHECK (notify IN ('off', 'mention', 'direct')),
  notify_after_seconds INTEGER NOT NULL
);

CREATE TABLE server_rules (
  guild_id TEXT COLLATE "C" PRIMARY KEY,
  rules    TEXT NOT NULL
);
CREATE TABLE audit (
  id         TEXT COLLATE "C" PRIMARY KEY,
  guild_id   TEXT COLLATE "C" NOT NULL,
  user_id    TEXT COLLATE "C" NOT NULL,
  change     TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX audit_of_guild ON audit (guild_id, id);
CREATE INDEX audit_of_user ON audit (user_id, id);
CREATE INDEX audit_by_age ON audit (changed_at);

-- How long tasks took; nothing personal, so that it outlives its generations.
CREATE TABLE durations (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        TEXT COLLATE "C" NOT NULL,
  took_ms     BIGINT NOT NULL,
  foretold_ms BIGINT
);
CREATE INDEX durations_of_kind ON durations (kind, id);

-- What the owner has been told of, until it is over.
CREATE TABLE warnings (
  kind    TEXT COLLATE "C" PRIMARY KEY,
  since   BIGINT NOT NULL,
  told_at BIGINT,
  -- Since when it is over; null while it lasts.
  over_at BIGINT
);

-- Whose data is being deleted, up to which generation: a restart half-way goes on with it.
CREATE TABLE forgetting (
  user_id TEXT COLLATE "C" PRIMARY KEY,
  up_to   TEXT COLLATE "C" NOT NULL
);

-- The service's public prices, by the names under which it bills, and what an image of each kind cost last.
CREATE TABLE catalog_prices (
  name  TEXT COLLATE "C" PRIMARY KEY,
  coins DOUBLE PRECISION NOT NULL
);
CREATE TABLE last_costs (
  kind  TEXT COLLATE "C" PRIMARY KEY,
  coins DOUBLE PRECISION NOT NULL
);

-- What counts towards limits: one row for each task that may cost, for as long as a limit looks back. It outlives its
-- generation, since deleting an image doesn't make it unmade.
CREATE TABLE charges (
  task_id    TEXT COLLATE "C" PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL,
  guild_id   TEXT COLLATE "C",
  model      TEXT COLLATE "C" NOT NULL,
  kind       TEXT COLLATE "C",
  coins      DOUBLE PRECISION NOT NULL,
  charged_at BIGINT NOT NULL
);
CREATE INDEX charges_by_age ON charges (charged_at) INCLUDE (coins);
CREATE INDEX charges_of_user ON charges (user_id, charged_at) INCLUDE (coins, guild_id);
CREATE INDEX charges_of_guild ON charges (guild_id, charged_at) INCLUDE (coins);

-- What was charged in each quarter of an hour, for everybody ('') and for each server: a limit per day for all of them
-- adds up a hundred rows and not each image of the day. The triggers keep it in the transaction of the charge itself.
CREATE TABLE charge_sums (
  guild_id  TEXT COLLATE "C" NOT NULL,
  starts_at BIGINT NOT NULL,
  coins     DOUBLE PRECISION NOT NULL,
  images    INTEGER NOT NULL,
  PRIMARY KEY (guild_id, starts_at)
);

-- Everybody's row always before a server's: whoever takes locks in one order waits, and never for each other.
CREATE FUNCTION charge_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  quarter BIGINT := new.charged_at - new.charged_at % 900000;
BEGIN
  INSERT INTO charge_sums VALUES ('', quarter, new.coins, 1)
    ON CONFLICT (guild_id, starts_at) DO UPDATE
      SET coins = charge_sums.coins + excluded.coins, images = charge_sums.images + 1;
  IF new.guild_id IS NOT NULL THEN
    INSERT INTO charge_sums VALUES (new.guild_id, quarter, new.coins, 1)
      ON CONFLICT (guild_id, starts_at) DO UPDATE
        SET coins = charge_sums.coins + excluded.coins, images = charge_sums.images + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER charge_added AFTER INSERT ON charges FOR EACH ROW EXECUTE FUNCTION charge_added();

CREATE FUNCTION charge_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  quarter BIGINT := new.charged_at - new.charged_at % 900000;
BEGIN
  UPDATE charge_sums SET coins = coins + new.coins - old.coins WHERE guild_id = '' AND starts_at = quarter;
  UPDATE charge_sums SET coins = coins + new.coins - old.coins WHERE guild_id = new.guild_id AND starts_at = quarter;
  RETURN NULL;
END $$;
CREATE TRIGGER charge_corrected AFTER UPDATE OF coins ON charges FOR EACH ROW EXECUTE FUNCTION charge_corrected();

-- The sums of everybody outlive the charges: they tell what the last seven days cost. Only what is given back leaves them.
CREATE FUNCTION charge_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  quarter BIGINT := old.charged_at - old.charged_at % 900000;
BEGIN
  UPDATE charge_sums SET coins = coins - old.coins, images = images - 1
    WHERE guild_id = old.guild_id AND starts_at = quarter;
  DELETE FROM charge_sums WHERE guild_id = old.guild_id AND starts_at = quarter AND images <= 0;
  RETURN NULL;
END $$;
CREATE TRIGGER charge_removed AFTER DELETE ON charges
  FOR EACH ROW WHEN (old.guild_id IS NOT NULL) EXECUTE FUNCTION charge_removed();

-- Given back where the service certainly took nothing.
CREATE FUNCTION charge_given_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE charge_sums SET coins = charge_sums.coins - charges.coins, images = images - 1 FROM charges
    WHERE charges.task_id = new.id AND charge_sums.guild_id = '' AND starts_at = charged_at - charged_at % 900000;
  DELETE FROM charges WHERE task_id = new.id;
  RETURN NULL;
END $$;
CREATE TRIGGER charge_given_back AFTER UPDATE OF state ON tasks FOR EACH ROW
  WHEN (new.state = 'refused' OR (new.state = 'cancelled' AND new.service_task_id IS NULL))
  EXECUTE FUNCTION charge_given_back();

-- What the service billed: the charge is corrected to it, and what such an image cost last is kept.
CREATE FUNCTION cost_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO last_costs (kind, coins)
    SELECT kind, new.cost FROM charges WHERE task_id = new.id AND kind IS NOT NULL AND new.cost > 0
    ON CONFLICT (kind) DO UPDATE SET coins = excluded.coins;
  UPDATE charges SET coins = new.cost WHERE task_id = new.id;
  RETURN NULL;
END $$;
CREATE TRIGGER cost_told AFTER UPDATE OF cost ON tasks FOR EACH ROW
  WHEN (new.cost IS NOT NULL AND new.cost IS DISTINCT FROM old.cost) EXECUTE FUNCTION cost_told();

-- Images that outlive the process that fetched them: hosts share no disk. They are packed already.
CREATE TABLE files (
  name     TEXT COLLATE "C" PRIMARY KEY,
  bytes    BYTEA NOT NULL,
  saved_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
ALTER TABLE files ALTER COLUMN bytes SET STORAGE EXTERNAL
