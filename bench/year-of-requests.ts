import type { DatabaseSync } from 'node:sqlite';

export const HEAVY_PERSON = '900000000000000000';
const PEOPLE = 20_000;
const DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;
/** One day more than housekeeping keeps. */
export const CHARGES_DAYS = 3;
const DRAFTS = 5000;
const HEAVY_GENERATIONS = 20_000;
/** The heavy person's share of a ledger that is too small for all their requests. */
const HEAVY_SHARE = 1 / 15;
/** A statement's arguments to functions stay in memory until it ends, so each inserts only this many. */
const AT_ONCE = 5000;
/** One request in so many has a long prompt. */
const LONG_EVERY = 50;
const WORDS = 'a red fox under old pines in deep snow at dusk, oil on canvas, soft light, wide view, ';

/**
 * Fills an empty ledger, through its own schema, with what a busy bot has written in a month: some 1.45 images a
 * request, all delivered, and one person with far more than everybody else.
 */
export function fillLedger(
  db: DatabaseSync,
  { generations, now }: { generations: number; now: number },
): void {
  const heavy = Math.min(HEAVY_GENERATIONS, Math.round(generations * HEAVY_SHARE));
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  db.function('person', { deterministic: true }, (n) =>
    Number(n) % Math.round(generations / heavy) === 0
      ? HEAVY_PERSON
      : String(100_000_000_000_000_000n + BigInt((Number(n) * 7919) % PEOPLE)),
  );
  db.function('prompt', { deterministic: true }, (n) => promptOf(Number(n)));
  db.function('id', { deterministic: true }, (at, n, index) => idAt(Number(at), Number(n), Number(index)));
  for (let from = 0; from < generations; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, generations);
    db.exec(insertRequests({ from, to, generations, now }));
  }
  db.exec('COMMIT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** The SQL that writes the requests with these numbers, and what belongs to them. */
function insertRequests(span: { from: number; to: number; generations: number; now: number }): string {
  const { from, to, generations, now } = span;
  const start = now - DAYS * DAY_MS;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to - 1}),
    requests AS (SELECT n, ${start} + n * ${DAYS * DAY_MS} / ${generations} AS at, person(n) AS who,
      CASE WHEN n % 20 < 13 THEN 1 WHEN n % 20 < 18 THEN 2 ELSE 3 END AS images FROM numbers)`;
  const draftEvery = Math.max(1, Math.round(generations / DRAFTS));
  return `
    INSERT INTO generations (id, interaction_id, application_id, token, token_at, user_id, guild_id, channel_id, message_id,
        message_channel_id, private, locale, attachment_size_limit, prompt, model, ratio, resolution, quality, created_at,
        acknowledged_at, settled_at, count, started_at, running_limits)
      ${numbers} SELECT id(at, n, 0), 'i-' || n, '200', NULL, at, who, '7' || (n % 50), '400', 'm-' || n, '400', 0, 'en-US',
        10485760, prompt(n), 'gpt-image-2', '1:1', '1k', 'high', at, at + 300, at + 60000, images, at,
        '{"person":3,"member":null,"server":null}' FROM requests;
    INSERT INTO tasks (id, generation_id, state, service_task_id, image_url, attachment_id, submitted_at, watched_since, ended_at)
      ${numbers} SELECT id(at, n, value), id(at, n, 0), 'delivered', 's-' || n || '-' || value,
        'https://images.example/' || n || '-' || value || '.png', 'a-' || n || '-' || value, at, at, at + 50000
      FROM requests, generate_numbers WHERE value <= images;
    INSERT INTO charges (task_id, user_id, guild_id, model, coins, charged_at)
      ${numbers} SELECT id(at, n, value), who, '7' || (n % 50), 'gpt-image-2', 0.5, at
      FROM requests, generate_numbers WHERE value <= images AND at > ${now - CHARGES_DAYS * DAY_MS};
    INSERT INTO drafts (id, user_id, content, created_at)
      ${numbers} SELECT 'd-' || n, who, json_object('request', json_object('prompt', prompt(n), 'model', 'gpt-image-2',
        'ratio', '1:1', 'resolution', '1k', 'quality', 'high', 'count', 4), 'references', json_array(), 'private',
        json('true'), 'parentId', NULL, 'parentUrl', NULL), at FROM requests WHERE n % ${draftEvery} = ${draftEvery - 1};
  `.replaceAll('generate_numbers', "json_each('[1,2,3]')");
}

function promptOf(n: number): string {
  return `${n} ${WORDS.repeat(36)}`.slice(0, n % LONG_EVERY === 0 ? 3000 : 330);
}

/** Ids sort by time as in UUID 7, which the ledger's pages rely on. */
function idAt(at: number, n: number, index: number): string {
  const time = at.toString(16).padStart(12, '0');
  const number = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${index.toString(16).padStart(3, '0')}-8000-${number}`;
}
