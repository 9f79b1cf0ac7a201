import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Prepares each named SQL text once. */
export function prepareAll<Name extends string>(
  db: DatabaseSync,
  sql: Readonly<Record<Name, string>>,
): Record<Name, StatementSync> {
  const entries = Object.entries<string>(sql).map(([name, text]) => [name, db.prepare(text)]);
  return Object.fromEntries(entries) as Record<Name, StatementSync>;
}
