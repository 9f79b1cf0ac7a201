import type { DatabaseSync } from 'node:sqlite';
import { v7 as uuidv7 } from 'uuid';
import type { ImageRequest } from '../request.ts';
import type { ReferenceSource } from './rows.ts';
import { prepareAll } from './statements.ts';

const SQL = {
  insert: 'INSERT INTO drafts (id, user_id, content, created_at) VALUES (:id, :userId, :content, :now)',
  ofUser: 'SELECT content FROM drafts WHERE user_id = ? ORDER BY id',
  byId: 'SELECT user_id, content FROM drafts WHERE id = ?',
  forget: 'DELETE FROM drafts WHERE id = ?',
  forgetBefore: 'DELETE FROM drafts WHERE created_at < ?',
} as const;

/** What a generation is made from, before anyone has said that it shall be made. */
export interface Draft {
  readonly request: ImageRequest;
  readonly references: readonly ReferenceSource[];
  readonly private: boolean;
  readonly parentId: string | null;
  readonly parentUrl: string | null;
}

/** Requests that a person has yet to complete or confirm; a reservation takes one away. */
export interface DraftLedger {
  /** Returns the draft's id. */
  save(userId: string, draft: Draft): Promise<string>;
  of(userId: string): Promise<Draft[]>;
  find(id: string): Promise<{ userId: string; draft: Draft } | null>;
  forget(id: string): Promise<void>;
  forgetBefore(before: number): Promise<void>;
}

export function createDraftLedger(db: DatabaseSync, now: () => number): DraftLedger {
  const statements = prepareAll(db, SQL);
  return {
    async save(userId, draft) {
      const id = uuidv7();
      statements.insert.run({ id, userId, content: JSON.stringify(draft), now: now() });
      return id;
    },
    of: async (userId) =>
      statements.ofUser.all(userId).map(({ content }) => JSON.parse(content as string) as Draft),
    async find(id) {
      const row = statements.byId.get(id);
      if (!row) return null;
      return { userId: row.user_id as string, draft: JSON.parse(row.content as string) as Draft };
    },
    async forget(id) {
      statements.forget.run(id);
    },
    async forgetBefore(before) {
      statements.forgetBefore.run(before);
    },
  };
}
