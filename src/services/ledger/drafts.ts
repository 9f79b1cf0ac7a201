import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { type ModelId, QUALITIES, RATIOS, RESOLUTIONS } from '../request/models.ts';
import { UPSCALE_FACTORS } from '../request/tools.ts';
import type { Database } from './database.ts';

const SQL = {
  keep: `INSERT INTO drafts (id, user_id, content, created_at) VALUES (:id, :userId, :content, :now)
         ON CONFLICT (id) DO NOTHING`,
  ofUser: 'SELECT id, content FROM drafts WHERE user_id = :userId ORDER BY id',
  byId: 'SELECT user_id, content FROM drafts WHERE id = :id',
  setContent: 'UPDATE drafts SET content = :content WHERE id = :id',
} as const;

/** A request that nobody has confirmed yet. */
export type Draft = z.output<typeof draft>;

const images = z.object({ count: z.int(), private: z.boolean() });

const draft = z
  .object({
    request: z.object({
      prompt: z.string(),
      /** May be a model that the table no longer has. */
      model: z.string().transform((id) => id as ModelId),
      ratio: z.enum(RATIOS),
      resolution: z.enum(RESOLUTIONS),
      quality: z.enum(QUALITIES).nullable(),
      transparent: z.boolean().default(false),
      count: z.int(),
      tool: z
        .discriminatedUnion('name', [
          z.object({ name: z.literal('upscale'), factor: z.literal(UPSCALE_FACTORS) }),
          z.object({ name: z.literal('remove-bg') }),
          z.object({ name: z.literal('describe'), language: z.string(), images }),
          z.object({ name: z.literal('enhance'), images }),
        ])
        .optional(),
    }),
    references: z.array(
      z.object({
        name: z.string(),
        source: z.enum(['discord', 'service']),
        url: z.string().nullable(),
        file: z.string().nullable(),
        isMask: z.literal(true).optional(),
      }),
    ),
    private: z.boolean(),
    /** Whether a default gave way to the server's rules. */
    adapted: z.boolean().default(false),
    parentId: z.string().nullable(),
    parentUrl: z.string().nullable(),
    /** Whether it retries the parent. Only one retry of a generation is served at a time. */
    retry: z.boolean().optional(),
  })
  .readonly();

/** Requests that a person has yet to complete or confirm. A reservation removes its draft. */
export interface DraftLedger {
  /** Returns the draft's id. */
  save(userId: string, draft: Draft): Promise<string>;
  /** Stores it under an id that something else names already. Changes nothing if it is there. */
  keep(id: string, userId: string, draft: Draft): Promise<void>;
  of(userId: string): Promise<Draft[]>;
  /** The ids of a person's drafts beyond the newest ones, limited by number and by references in total. */
  surplusOf(
    userId: string,
    kept: { readonly drafts: number; readonly references: number },
  ): Promise<string[]>;
  /** Null if there is none, or if this version of the bot can't read it. */
  find(id: string): Promise<{ userId: string; draft: Draft } | null>;
  /** Returns false, and writes nothing, if the draft is gone. */
  setReferences(id: string, references: Draft['references']): Promise<boolean>;
}

export function createDraftLedger(db: Database, now: () => number): DraftLedger {
  const statements = db.prepare(SQL);
  async function keep(id: string, userId: string, draft: Draft): Promise<void> {
    const row = { id, userId, content: JSON.stringify(draft), now: now() };
    await db.write(() => statements.keep.run(row));
  }

  return {
    async save(userId, draft) {
      const id = uuidv7();
      await keep(id, userId, draft);
      return id;
    },
    keep,
    async of(userId) {
      const rows = await db.read(() => statements.ofUser.all({ userId }));
      return rows.flatMap(({ content }) => parse(content) ?? []);
    },
    async surplusOf(userId, kept) {
      const rows = await db.read(() => statements.ofUser.all({ userId }));
      let images = 0;
      const surplus = rows.toReversed().filter(({ content }, index) => {
        images += JSON.parse(content as string).references?.length ?? 0;
        return index >= kept.drafts || images > kept.references;
      });
      return surplus.map(({ id }) => id as string);
    },
    async find(id) {
      const row = await db.read(() => statements.byId.get({ id }));
      const found = row ? parse(row.content) : null;
      return row && found ? { userId: row.user_id as string, draft: found } : null;
    },
    async setReferences(id, references) {
      return db.write(function* () {
        const row = yield* statements.byId.get({ id });
        if (!row) return false;
        const content = JSON.stringify({ ...JSON.parse(row.content as string), references });
        return (yield* statements.setContent.run({ id, content })) === 1;
      }, `draft ${id}`);
    },
  };
}

function parse(content: unknown): Draft | null {
  return draft.safeParse(JSON.parse(content as string)).data ?? null;
}
