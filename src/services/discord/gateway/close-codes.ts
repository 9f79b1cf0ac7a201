import { GatewayCloseCodes as Close } from 'discord.js';
import { ProxyError } from '../../proxy/proxy-error.ts';

/** Why a gateway connection ended, as far as it is known. */
export interface Ending {
  /** The WebSocket's close code; undefined where discord.js tells of none. */
  readonly code: number | undefined;
  /** What the socket reported before: a refused upgrade, a name that does not resolve. */
  readonly error: Error | undefined;
  /** Whether Discord had answered the connection at all. */
  readonly greeted: boolean;
  /** Why the bot itself left it: one of {@link LEFT_FOR}, or another reason of discord.js's. */
  readonly leftFor: string | undefined;
}

/** The reasons for which the bot leaves a connection by itself; all but the last are discord.js's own words. */
export const LEFT_FOR = {
  silence: 'Something timed out or went wrong while waiting for an event',
  reconnect: 'Told to reconnect by Discord',
  heartbeats: 'Zombie connection',
  invalidSession: 'Invalid session',
  hanging: 'The session does not become ready',
} as const;

/** In words what became of a connection; the same words are the same kind of trouble. */
export function describeEnding({ code, error, greeted, leftFor }: Ending): string {
  if (leftFor === LEFT_FOR.silence)
    return greeted
      ? 'Discord did not answer the login at its gateway'
      : "Discord's gateway did not say a word";
  const own = leftFor && OWN[leftFor];
  if (own) return own;
  if (error instanceof ProxyError) return error.message;
  const status = /^Unexpected server response: (\d{3})$/.exec(error?.message ?? '')?.[1];
  if (status) return `Discord's gateway refused the connection with HTTP ${status}`;
  if (error) return `the gateway connection failed (${error.message.trim()})`;
  if (!greeted && code === ABNORMAL) return "Discord's gateway could not be reached";
  if (code === undefined) return 'the gateway connection came to nothing';
  return `the gateway connection ended with ${code}: ${MEANINGS[code] ?? 'Discord documents no meaning'}`;
}

const OWN: Readonly<Record<string, string>> = {
  [LEFT_FOR.reconnect]: 'Discord asked the bot to connect anew',
  [LEFT_FOR.heartbeats]: 'Discord left heartbeats unanswered',
  [LEFT_FOR.invalidSession]: 'Discord does not take the gateway session',
  [LEFT_FOR.hanging]: 'Discord left the gateway session unanswered',
};

const ABNORMAL = 1006;

/** docs: topics/opcodes-and-status-codes; below 4000 they are the WebSocket protocol's (RFC 6455 §7.4.1). */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'it was closed in order',
  1001: 'the server goes away',
  [ABNORMAL]: 'it broke off',
  1011: 'the server met an error of its own',
  1012: 'the server restarts',
  1013: 'the server asks to try again later',
  [Close.UnknownError]: 'Discord does not say why',
  [Close.UnknownOpcode]: 'Discord did not know what was sent',
  [Close.DecodeError]: 'Discord could not read what was sent',
  [Close.NotAuthenticated]: 'something was sent before the login',
  [Close.AuthenticationFailed]: 'Discord does not accept the token',
  [Close.AlreadyAuthenticated]: 'the login was sent twice',
  [Close.InvalidSeq]: 'Discord does not know the place to resume from',
  [Close.RateLimited]: 'too much was sent too fast',
  [Close.SessionTimedOut]: 'the session timed out',
};
