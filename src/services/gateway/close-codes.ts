import { GatewayCloseCodes as Close } from 'discord.js';

/** Why a gateway connection ended, as far as it is known. */
export interface Ending {
  /** The WebSocket's close code; undefined where discord.js tells of none. */
  readonly code: number | undefined;
  /** What the socket reported before: a refused upgrade, a name that does not resolve. */
  readonly error: Error | undefined;
  /** Whether Discord had answered the connection at all. */
  readonly greeted: boolean;
  /** Whether the bot ended it because nothing came of it. */
  readonly hung: boolean;
}

/** In words what became of a connection; the same words are the same kind of trouble. */
export function describeEnding({ code, error, greeted, hung }: Ending): string {
  if (hung) return 'Discord left the gateway session unanswered';
  const status = /^Unexpected server response: (\d{3})$/.exec(error?.message ?? '')?.[1];
  if (status) return `Discord's gateway refused the connection with HTTP ${status}`;
  if (error) return `the gateway connection failed (${error.message})`;
  if (!greeted && code === ABNORMAL) return "Discord's gateway could not be reached";
  if (code === undefined) return 'the gateway connection came to nothing';
  return `the gateway connection ended with ${code}: ${MEANINGS[code] ?? 'Discord documents no meaning'}`;
}

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
  4200: 'the bot reconnects to resume its session',
};
