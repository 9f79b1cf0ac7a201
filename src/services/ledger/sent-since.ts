/**
 * Tasks that waited to be sent at the time of a backup may have been sent since. They count as being sent, so that the
 * bot reports an unknown outcome instead of paying again. `now` is SQL for milliseconds since the epoch.
 */
export function sentSince(now: string): string {
  return `
    UPDATE generations SET acknowledged_at = coalesce(acknowledged_at, created_at)
      WHERE settled_at IS NULL AND id IN (SELECT generation_id FROM tasks WHERE state = 'reserved');
    UPDATE tasks SET state = 'submitting', submitted_at = ${now} WHERE state = 'reserved';
  `;
}
