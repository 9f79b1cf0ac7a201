import { type DestinationStream, type Logger, pino } from 'pino';
import { build as pretty } from 'pino-pretty';

export type { Logger };

/** Texts that give access to something, anywhere in a line. `$1` is the part that may be shown. */
const SECRETS: readonly RegExp[] = [
  // Interaction tokens are part of every webhook and callback URL, and so of discord.js's errors.
  /(\/(?:webhooks|interactions)\/\d+\/)[^/"\s?]+/g,
  // Interaction tokens are the base64 of `interaction:…`.
  /()\baW50ZXJhY3Rpb246[\w-]+/g,
  /\b((?:Bearer|Bot) )[\w.~+/-]{16,}=*/gi,
  // Anybody with a signed URL gets the file, from Discord's CDN or from the usual stores for the service's results.
  /([?&](?:hm|token|signature|x-amz-signature|x-amz-security-token|x-oss-signature|q-signature|sig)=)[^&"\s\\]+/gi,
];

/**
 * A logger that writes JSON lines, or readable ones when stdout is a terminal. It masks the given values, and
 * everything else that looks like a secret, anywhere in the finished line. It also disarms control characters, so that
 * a line can't steer the terminal that shows it.
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

/** Replaces the given values, and everything that looks like a secret, with `[secret]`. */
function maskSecrets(line: string, secrets: readonly string[]): string {
  const masked = SECRETS.reduce((text, pattern) => text.replace(pattern, '$1[secret]'), line);
  return secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '[secret]') : text), masked);
}

/**
 * Control characters in a line of JSON. pino escapes only the first 32. A pair of backslashes is matched first, because
 * no escape begins with it.
 */
const STEERING = /\\\\|\\u00[01][\da-f]|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gi;

/** Writes control characters as the text `\u001b`, which stays text when the JSON is parsed. Line breaks stay. */
function inert(line: string): string {
  return line.replace(STEERING, (found) => {
    if (found === '\\\\') return found;
    return `\\${found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`}`;
  });
}

function prettyStdout() {
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
}
