import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { NO_RULES, type RuleField, type ServerRules, serverRules } from '../request/server-rules.ts';
import type { TakeBreak } from './breaks.ts';
import type { Database, Steps } from './database.ts';

const SQL = {
  of: 'SELECT rules FROM server_rules WHERE guild_id = :guildId',
  save: `INSERT INTO server_rules (guild_id, rules) VALUES (:guildId, :rules)
         ON CONFLICT (guild_id) DO UPDATE SET rules = excluded.rules`,
  note: `INSERT INTO audit (id, guild_id, user_id, change, changed_at)
         VALUES (:id, :guildId, :userId, :change, :now)`,
  forgetSurplus: `DELETE FROM audit WHERE id IN (
      SELECT id FROM audit WHERE guild_id = :guildId ORDER BY id DESC LIMIT :limit OFFSET :kept)`,
  count: 'SELECT count(*) AS total FROM audit WHERE guild_id = :guildId',
  page: 'SELECT * FROM audit WHERE guild_id = :guildId ORDER BY id DESC LIMIT :limit OFFSET :offset',
  countBy: 'SELECT count(*) AS total FROM audit WHERE user_id = :userId',
  by: 'SELECT * FROM audit WHERE user_id = :userId AND id > :after ORDER BY id LIMIT :limit',
  forget: `DELETE FROM audit WHERE id IN (
             SELECT id FROM audit WHERE changed_at < :before ORDER BY changed_at LIMIT :limit)`,
} as const;

const CHANGES_ON_PAGE = 8;
/**
 * The newest changes kept of each server. Each may have two long lists of words, and nothing else limits how many
 * people make.
 */
const CHANGES_KEPT = 1000;
/** Reading or deleting this many blocks the event loop for a moment. */
const READ_PER_STEP = 1000;
const DELETED_PER_STEP = 100;
/** A few megabytes, even if all of them had the longest lists. */
const SERVERS_KNOWN = 100;

/** A change of a server's rule. Rules of another version of the bot that this one doesn't know are left out. */
export interface RuleChange {
  readonly guildId: string;
  readonly userId: string;
  readonly changedAt: number;
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface RuleChanges {
  readonly changes: readonly RuleChange[];
  /** From 1. Even without changes there is one page. */
  readonly page: number;
  readonly pages: number;
}

export type Change = Partial<ServerRules> | ((rules: ServerRules) => Partial<ServerRules>);

/** The rules of each server, and who changed them when. */
export interface ServerRulesLedger {
  /** Without a server (in direct messages) there are no rules. */
  of(guildId: string | null): Promise<ServerRules>;
  /**
   * Writes the given fields, or those computed from the current rules, and who changed each. The other fields stay,
   * even if somebody has changed them meanwhile.
   */
  save(guildId: string, userId: string, change: Change): Promise<ServerRules>;
  /** The server's changes, newest first, on the nearest existing page. */
  changes(guildId: string, page: number): Promise<RuleChanges>;
  /** How many changes a person has made. */
  countBy(userId: string): Promise<number>;
  /** All changes by a person, oldest first. */
  changesBy(userId: string): Promise<RuleChange[]>;
  /** Stops between two steps once the signal is aborted. */
  forgetChanges(before: number, signal?: AbortSignal): Promise<void>;
}

export function createServerRulesLedger(
  db: Database,
  now: () => number,
  takeBreak: TakeBreak,
): ServerRulesLedger {
  const statements = db.prepare(SQL);

  /**
   * A cache, because every interaction reads the rules. The parsed rules stay the same object, so that their blocked
   * words are prepared only once.
   */
  const known = new Map<string, { written: string; rules: ServerRules }>();

  function* stored(guildId: string): Steps<object> {
    const row = yield* statements.of.get({ guildId });
    return row ? JSON.parse(row.rules as string) : {};
  }

  async function read(guildId: string): Promise<ServerRules> {
    const row = await db.read(() => statements.of.get({ guildId }));
    if (!row) return NO_RULES;
    const written = row.rules as string;
    const before = known.get(guildId);
    const rules = before?.written === written ? before.rules : serverRules.parse(JSON.parse(written));
    known.delete(guildId);
    known.set(guildId, { written, rules });
    const [oldest] = known.keys();
    if (known.size > SERVERS_KNOWN && oldest !== undefined) known.delete(oldest);
    return rules;
  }

  return {
    of: async (guildId) => (guildId === null ? NO_RULES : read(guildId)),
    async save(guildId, userId, wanted) {
      return db.write(function* () {
        const before = yield* stored(guildId);
        const rules = serverRules.parse(before);
        const change = typeof wanted === 'function' ? wanted(rules) : wanted;
        const changed = (Object.keys(change) as RuleField[]).filter(
          (field) => !isDeepStrictEqual(rules[field], change[field]),
        );
        for (const field of changed) {
          const noted = JSON.stringify({ field, from: rules[field], to: change[field] });
          yield* statements.note.run({ id: uuidv7(), guildId, userId, change: noted, now: now() });
        }
        const surplus = { guildId, kept: CHANGES_KEPT, limit: DELETED_PER_STEP };
        if (changed.length > 0) yield* statements.forgetSurplus.run(surplus);
        // Fields of other versions of the bot stay.
        yield* statements.save.run({ guildId, rules: JSON.stringify({ ...before, ...change }) });
        return serverRules.parse({ ...before, ...change });
      }, `rules of ${guildId}`);
    },
    async changes(guildId, asked) {
      const total = Number((await db.read(() => statements.count.get({ guildId })))?.total);
      const pages = Math.max(1, Math.ceil(total / CHANGES_ON_PAGE));
      const page = Math.min(Math.max(1, asked), pages);
      const window = { limit: CHANGES_ON_PAGE, offset: (page - 1) * CHANGES_ON_PAGE };
      const rows = await db.read(() => statements.page.all({ guildId, ...window }));
      return { changes: rows.map(changeFromRow), page, pages };
    },
    async countBy(userId) {
      return Number((await db.read(() => statements.countBy.get({ userId })))?.total);
    },
    async changesBy(userId) {
      const changes: RuleChange[] = [];
      for (let after = ''; ; ) {
        const from = { userId, after, limit: READ_PER_STEP };
        const step = await db.read(() => statements.by.all(from));
        changes.push(...step.map(changeFromRow));
        if (step.length < READ_PER_STEP) return changes;
        after = step.at(-1)?.id as string;
        await takeBreak();
      }
    },
    async forgetChanges(before, signal) {
      const step = () => statements.forget.run({ before, limit: DELETED_PER_STEP });
      while (!signal?.aborted && (await db.write(step)) === DELETED_PER_STEP);
    },
  };
}

function changeFromRow(row: Record<string, unknown>): RuleChange {
  const { field, from, to } = JSON.parse(row.change as string);
  return {
    guildId: row.guild_id as string,
    userId: row.user_id as string,
    changedAt: row.changed_at as number,
    field,
    from,
    to,
  };
}
