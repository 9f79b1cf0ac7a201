import { TOKEN_LIFE_MS } from './limits.ts';

export interface DeadTokens {
  has(token: string): boolean;
  add(token: string): void;
}

/**
 * Remembers refused interaction tokens for as long as the bot could still try them: 10,000 refusals in 10 minutes ban
 * its address (docs: topics/rate-limits).
 */
export function createDeadTokens(elapsed: () => number): DeadTokens {
  const diedAt = new Map<string, number>();
  return {
    has: (token) => diedAt.has(token),
    add(token) {
      for (const [old, at] of diedAt) if (elapsed() - at > TOKEN_LIFE_MS) diedAt.delete(old);
      diedAt.set(token, elapsed());
    },
  };
}
