/**
 * The SQL for tasks that keep, or will keep, the service busy at the time `:now`, with the columns for the limits.
 * Includes tasks that the service continues although nobody waits for them. `those` is a condition on the generation.
 */
export function openTasks(those: string): string {
  const columns = 'generations.id, user_id, guild_id, started_at, running_limits, busy_until';
  // SQLite keeps the order of a CROSS JOIN, which begins with the few open generations and busy tasks.
  return `SELECT ${columns} FROM generations CROSS JOIN tasks
            WHERE generation_id = generations.id AND ${those} AND settled_at IS NULL AND state IN ('reserved', 'submitting', 'running')
          UNION ALL
          SELECT ${columns} FROM tasks CROSS JOIN generations
            WHERE generations.id = generation_id AND ${those} AND busy_until > :now`;
}
