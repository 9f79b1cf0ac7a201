/**
 * The tasks that keep, or will keep, the service busy at the time `:now`, with what the limits ask about them: those that
 * are waited for, and those that it goes on with though nobody waits any more. `those` is about the generation.
 */
export function openTasks(those: string): string {
  const columns = 'generations.id, user_id, guild_id, started_at, running_limits, busy_until';
  // SQLite keeps the order of a CROSS JOIN: few generations are open, and few tasks are busy, of all that the ledger holds.
  return `SELECT ${columns} FROM generations CROSS JOIN tasks
            WHERE generation_id = generations.id AND ${those} AND settled_at IS NULL AND state IN ('reserved', 'submitting', 'running')
          UNION ALL
          SELECT ${columns} FROM tasks CROSS JOIN generations
            WHERE generations.id = generation_id AND ${those} AND busy_until > :now`;
}
