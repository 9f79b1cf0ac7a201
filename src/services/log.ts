import { type DestinationStream, type Logger, pino } from 'pino';
import { build as pretty } from 'pino-pretty';

export type { Logger };

/** What opens something, wherever in a line it stands. `$1` is what may be seen. */
const SECRETS: readonly RegExp[] = [
  // Interaction tokens stand in the address of every webhook and callback route, and so in discord.js's errors.
  /(\/(?:webhooks|interactions)\/\d+\/)[^/"\s?]+/g,
  // They are the base64 of `interaction:…`.
  /()\baW50ZXJhY3Rpb246[\w-]+/g,
  /\b((?:Bearer|Bot) )[\w.~+/-]{16,}=*/gi,
  // Whoever has a signed address gets the file: Discord's CDN, and the usual stores for the service's results.
  /([?&](?:hm|token|signature|x-amz-signature|x-amz-security-token|x-oss-signature|q-signature|sig)=)[^&"\s\\]+/gi,
];

/**
 * A logger that writes JSON lines, or readable ones where stdout is a terminal. No secret gets out: the given values
 * and whatever else opens something are masked in the finished line, wherever in it they stand; nor does anything in it
 * steer the terminal that shows it.
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
        paths: [
          ...['token', '*.token', '*.requestBody', 'apiKey', '*.apiKey'],
          ...['headers.authorization', '*.headers.authorization'],
        ],
      },
      hooks: { streamWrite: (line) => inert(maskSecrets(line, options.secrets)) },
    },
    options.destination ?? (process.stdout.isTTY ? prettyStdout() : pino.destination({ fd: 1, sync: true })),
  );
}

/** Replaces the values given, and what looks like a secret, with `[secret]`. */
function maskSecrets(line: string, secrets: readonly string[]): string {
  const masked = SECRETS.reduce((text, pattern) => text.replace(pattern, '$1[secret]'), line);
  return secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '[secret]') : text), masked);
}

/** What a terminal obeys, in a line of JSON: escaped by pino, where it is one of the first 32, or as it is. A pair of backslashes is none. */
const STEERING = /\\\\|\\u00[01][\da-f]|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gi;

/** Writes what steers a terminal as the words `\u001b`, also for whoever unpacks the JSON. Line breaks stay. */
function inert(line: string): string {
  return line.replace(STEERING, (found) => {
    if (found === '\\\\') return found;
    return `\\${found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`}`;
  });
}

function prettyStdout() {
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
}
