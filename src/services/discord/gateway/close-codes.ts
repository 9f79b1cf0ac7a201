import { GatewayCloseCodes as Close } from 'discord.js';
import { ProxyError } from '../../proxy/proxy-error.ts';

/** Why a gateway connection ended, as far as it is known. */
export interface Ending {
  /** The WebSocket's close code; undefined when discord.js reports none. */
  readonly code: number | undefined;
  /** The error that the socket reported before, such as a refused upgrade or a name that doesn't resolve. */
  readonly error: Error | undefined;
  /** Whether Discord had answered the connection at all. */
  readonly greeted: boolean;
  /** Why the bot itself left the connection: one of {@link LEFT_FOR}, or another reason of discord.js. */
  readonly leftFor: string | undefined;
}

/** Reasons why the bot leaves a connection by itself. All but the last are strings of discord.js. */
export const LEFT_FOR = {
  silence: 'Something timed out or went wrong while waiting for an event',
  reconnect: 'Told to reconnect by Discord',
  heartbeats: 'Zombie connection',
  invalidSession: 'Invalid session',
  hanging: 'The session does not become ready',
} as const;

/** Describes how a connection ended. The same words mean the same kind of trouble. */
export function describeEnding({ code, error, greeted, leftFor }: Ending): string {
  if (leftFor === LEFT_FOR.silence)
    return greeted ? 'Discord did not answer the login at its gateway' : "Discord's gateway sent nothing";
  const own = leftFor && OWN[leftFor];
  if (own) return own;
  if (error instanceof ProxyError) return error.message;
  const status = /^Unexpected server response: (\d{3})$/.exec(error?.message ?? '')?.[1];
  if (status) return `Discord's gateway refused the connection with HTTP ${status}`;
  if (error) return `the gateway connection failed (${error.message.trim()})`;
  if (!greeted && code === ABNORMAL) return "Discord's gateway could not be reached";
  if (code === undefined) return 'the gateway connection failed for an unknown reason';
  return `the gateway connection ended with ${code}: ${MEANINGS[code] ?? 'Discord documents no meaning'}`;
}

const OWN: Readonly<Record<string, string>> = {
  [LEFT_FOR.reconnect]: 'Discord asked the bot to reconnect',
  [LEFT_FOR.heartbeats]: 'Discord left heartbeats unanswered',
  [LEFT_FOR.invalidSession]: 'Discord does not accept the gateway session',
  [LEFT_FOR.hanging]: 'Discord left the gateway session unanswered',
};

const ABNORMAL = 1006;

/**
 * Codes from 4000 on are Discord's (docs: topics/opcodes-and-status-codes), those below the WebSocket protocol's (RFC
 * 6455 §7.4.1).
 */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'it was closed normally',
  1001: 'the server is going away',
  [ABNORMAL]: 'it broke off',
  1011: 'the server had an internal error',
  1012: 'the server restarts',
  1013: 'the server asks to try again later',
  [Close.UnknownError]: 'Discord does not say why',
  [Close.UnknownOpcode]: 'Discord did not know the opcode that was sent',
  [Close.DecodeError]: 'Discord could not read what was sent',
  [Close.NotAuthenticated]: 'something was sent before the login',
  [Close.AuthenticationFailed]: 'Discord does not accept the token',
  [Close.AlreadyAuthenticated]: 'the login was sent twice',
  [Close.InvalidSeq]: 'Discord cannot resume from this position',
  [Close.RateLimited]: 'too much was sent too fast',
  [Close.SessionTimedOut]: 'the session timed out',
};
