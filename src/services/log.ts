import { type DestinationStream, type Logger, pino } from 'pino';
import { build as pretty } from 'pino-pretty';

export type { Logger };

/** Interaction tokens stand in the address of every webhook and callback route, and so in discord.js's errors. */
const TOKEN_IN_ROUTE = /(\/(?:webhooks|interactions)\/\d+\/)[^/"\s?]+/g;

/**
 * A logger that writes JSON lines, or readable ones where stdout is a terminal. No secret gets out: the given values
 * and every interaction token in a route are masked in the finished line, wherever in it they stand.
 */
export function createLogger(options: {
  level: string;
  secrets: readonly string[];
  destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['token', '*.token', '*.requestBody', 'headers.authorization', '*.headers.authorization'],
      },
      hooks: { streamWrite: (line) => maskSecrets(line, options.secrets) },
    },
    options.destination ?? (process.stdout.isTTY ? prettyStdout() : pino.destination({ fd: 1, sync: true })),
  );
}

/** Replaces each secret, and the token of each webhook or callback route, with `[secret]`. */
function maskSecrets(line: string, secrets: readonly string[]): string {
  const masked = line.replace(TOKEN_IN_ROUTE, '$1[secret]');
  return secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '[secret]') : text), masked);
}

function prettyStdout() {
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
}
