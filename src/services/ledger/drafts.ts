import type { DatabaseSync } from 'node:sqlite';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { type ModelId, QUALITIES, RATIOS, RESOLUTIONS } from '../request/models.ts';
import type { Write } from './sqlite/group-commit.ts';
import { prepareAll } from './sqlite/statements.ts';

const SQL = {
  insert: 'INSERT INTO drafts (id, user_id, content, created_at) VALUES (:id, :userId, :content, :now)',
  ofUser: 'SELECT content FROM drafts WHERE user_id = ? ORDER BY id',
  byId: 'SELECT user_id, content FROM drafts WHERE id = ?',
  surplus: `SELECT id FROM (
      SELECT id, row_number() OVER newest AS number,
        sum(json_array_length(content, '$.references')) OVER newest AS images
      FROM drafts WHERE user_id = :userId WINDOW newest AS (ORDER BY id DESC))
    WHERE number > :drafts OR images > :references`,
  setReferences: `UPDATE drafts SET content = json_set(content, '$.references', json(:references)) WHERE id = :id`,
} as const;

/** What a generation is made from, before anyone has said that it shall be made. */
export type Draft = z.output<typeof draft>;

const draft = z
  .object({
    request: z.object({
      prompt: z.string(),
      /** Also one that has left the table since. */
      model: z.string().transform((id) => id as ModelId),
      ratio: z.enum(RATIOS),
      resolution: z.enum(RESOLUTIONS),
      quality: z.enum(QUALITIES).nullable(),
      transparent: z.boolean().default(false),
      count: z.int(),
    }),
    references: z.array(
      z.object({
        name: z.string(),
        source: z.enum(['discord', 'service']),
        url: z.string().nullable(),
        file: z.string().nullable(),
      }),
    ),
    private: z.boolean(),
    /** Whether a default gave way to the server's rules. */
    adapted: z.boolean().default(false),
    parentId: z.string().nullable(),
    parentUrl: z.string().nullable(),
    /** Whether it tries the parent once more: of that, one is served at a time. */
    retry: z.boolean().optional(),
  })
  .readonly();

/** Requests that a person has yet to complete or confirm; a reservation takes one away. */
export interface DraftLedger {
  /** Returns the draft's id. */
  save(userId: string, draft: Draft): Promise<string>;
  of(userId: string): Promise<Draft[]>;
  /** Ids of all but a person's newest: so many drafts, with so many references altogether. */
  surplusOf(
    userId: string,
    kept: { readonly drafts: number; readonly references: number },
  ): Promise<string[]>;
  /** Null, too, where another version of the bot has written it so that this one can't use it. */
  find(id: string): Promise<{ userId: string; draft: Draft } | null>;
  /** False where the draft is gone: then nothing is written. */
  setReferences(id: string, references: Draft['references']): Promise<boolean>;
}

export function createDraftLedger(db: DatabaseSync, write: Write, now: () => number): DraftLedger {
  const statements = prepareAll(db, SQL);
  return {
    async save(userId, draft) {
      const id = uuidv7();
      await write(() => statements.insert.run({ id, userId, content: JSON.stringify(draft), now: now() }));
      return id;
    },
    of: async (userId) => statements.ofUser.all(userId).flatMap(({ content }) => parse(content) ?? []),
    surplusOf: async (userId, kept) =>
      statements.surplus.all({ userId, ...kept }).map(({ id }) => id as string),
    async find(id) {
      const row = statements.byId.get(id);
      const found = row ? parse(row.content) : null;
      return row && found ? { userId: row.user_id as string, draft: found } : null;
    },
    async setReferences(id, references) {
      const row = { id, references: JSON.stringify(references) };
      return write(() => statements.setReferences.run(row).changes === 1);
    },
  };
}

function parse(content: unknown): Draft | null {
  return draft.safeParse(JSON.parse(content as string)).data ?? null;
}
