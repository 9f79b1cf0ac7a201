import { parseEnv } from 'node:util';
import { type Balances, spendableOf } from '../account/balances.ts';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { invitationOf } from '../discord/invitation.ts';
import type { Unit } from '../request/limits.ts';
import { type Application, adviseOn } from './application.ts';
import { askChecked } from './ask-checked.ts';
import type { Checked } from './checked.ts';
import type { EnvFile } from './env-file.ts';
import { setEnvValues } from './env-text.ts';
import { NUMBER, type Proposal, proposeLimits } from './limits.ts';
import type { Terminal } from './terminal.ts';

export interface SetupDeps {
  readonly terminal: Terminal;
  readonly envFile: EnvFile;
  /** The text that a new .env starts from: .env.example. */
  readonly template: string;
  /** The process's environment, which takes precedence over .env at every start. */
  readonly env: Readonly<Record<string, string | undefined>>;
  checkToken(token: string, config: Config): Promise<Checked<Application>>;
  checkKey(key: string, config: Config): Promise<Checked<Balances>>;
}

type Asked = 'DISCORD_TOKEN' | 'JIMMYAI_API_KEY' | 'TOTAL_PER_DAY' | 'USER_PER_DAY';

/**
 * Asks for the settings that the bot needs, checks them live, and writes them to .env together at the end. Throws
 * {@link SetupCancelled} if the operator leaves, and {@link ConfigError} or EnvTextError if .env must be fixed first.
 */
export async function setUp(deps: SetupDeps): Promise<void> {
  const { terminal, envFile, template, env } = deps;
  const text = envFile.read();
  const earlier = parseEnv(text ?? '');
  const config = loadConfig({ ...earlier, ...env, ...PLACEHOLDERS });

  terminal.begin('Set up the bot');
  terminal.say('info', text === null ? WHAT_COMES : WHAT_COMES_AGAIN);
  const token = await askChecked(terminal, {
    question: "The bot's token",
    where: 'https://discord.com/developers/applications → your app → Bot → Reset Token',
    earlier: earlier.DISCORD_TOKEN,
    problem: (value) => problemWith('DISCORD_TOKEN', value),
    asking: 'Asking Discord …',
    check: (value) => deps.checkToken(value, config),
  });
  if (token.found) sayApplication(terminal, token.found);
  const key = await askForKey(earlier, config, deps);
  const spendable = key.found && spendableOf(key.found);
  if (key.found) sayBalance(terminal, spendable);
  const limits = await askLimits(
    terminal,
    proposeLimits(spendable, config.costs, config.limits.unit),
    earlier,
  );

  const values = { DISCORD_TOKEN: token.value, ...key.values, ...limits };
  envFile.write(setEnvValues(text ?? template, values));
  terminal.say('success', `Wrote ${envFile.path}, which only you can read.`);
  sayOverridden(terminal, values, env);
  if (token.found) sayInvitation(terminal, token.found);
  else terminal.say('info', 'The start says where to add the bot to your server.');
  terminal.end('Start the bot with: npm start');
}

/** Another service is set up by hand: it may need no key, and tells no balance. */
async function askForKey(
  earlier: NodeJS.Dict<string>,
  config: Config,
  { terminal, checkKey }: Pick<SetupDeps, 'terminal' | 'checkKey'>,
): Promise<{ values: { JIMMYAI_API_KEY?: string }; found: Balances | null }> {
  if (config.imageApi.kind !== 'jimmyai') {
    terminal.say('info', `Images are made at ${config.imageApi.baseUrl}, as IMAGE_API=openai says.`);
    return { values: {}, found: null };
  }
  const { value, found } = await askChecked(terminal, {
    question: 'The key for the image service',
    where: "in your JimmyAI account's API settings",
    earlier: earlier.JIMMYAI_API_KEY,
    problem: (key) => problemWith('JIMMYAI_API_KEY', key),
    asking: 'Asking JimmyAI …',
    check: (key) => checkKey(key, config),
  });
  return { values: { JIMMYAI_API_KEY: value }, found };
}

/** Stand in for the current values of .env, since these settings are asked for anew. */
const PLACEHOLDERS: Record<Asked, string> = {
  DISCORD_TOKEN: 'token',
  JIMMYAI_API_KEY: 'key',
  TOTAL_PER_DAY: '0',
  USER_PER_DAY: '0',
};

const WHAT_COMES = 'Four questions. Nothing is written before the last one is answered; Ctrl+C leaves.';
const WHAT_COMES_AGAIN = `${WHAT_COMES}\nThere is a .env already: its answers are proposed, and all else in it stays.`;

/** The problem that would stop the bot's start, in the same words; null if there is none. */
function problemWith(name: Asked, value: string, unit: Unit = 'images'): string | null {
  try {
    loadConfig({ ...PLACEHOLDERS, LIMIT_UNIT: unit, [name]: value });
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
}

function sayApplication(terminal: Terminal, application: Application): void {
  terminal.say('success', `Discord knows the bot as ${application.bot?.username ?? application.name}.`);
  for (const { isProblem, says, page } of adviseOn(application)) {
    terminal.say(isProblem ? 'warn' : 'info', `${says}\n${page}`);
  }
}

function sayBalance(terminal: Terminal, spendable: number | null): void {
  const coins = spendable === null ? '' : `: ${NUMBER.format(spendable)} coins can be spent`;
  if (spendable === null || spendable > 0) terminal.say('success', `JimmyAI accepts the key${coins}.`);
  else terminal.say('warn', 'JimmyAI accepts the key, but no coins are left: top up before the first image.');
}

async function askLimits(
  terminal: Terminal,
  { unit, total, perPerson, why }: Proposal,
  earlier: NodeJS.Dict<string>,
): Promise<Record<'TOTAL_PER_DAY' | 'USER_PER_DAY', string>> {
  const askFor = (name: 'TOTAL_PER_DAY' | 'USER_PER_DAY', who: string, proposed: number) => {
    const before = earlier[name];
    const proposal = before && problemWith(name, before, unit) === null ? before : String(proposed);
    return terminal.ask(`How many ${unit} may ${who} have within 24 hours? 0 is no limit.`, {
      proposal,
      problem: (value) => problemWith(name, value, unit),
    });
  };
  terminal.say('info', why);
  const TOTAL_PER_DAY = await askFor('TOTAL_PER_DAY', 'everybody together', total);
  const left = Number(TOTAL_PER_DAY) || perPerson;
  const USER_PER_DAY = await askFor('USER_PER_DAY', 'one person', Math.min(perPerson, left));
  return { TOTAL_PER_DAY, USER_PER_DAY };
}

/** The environment takes precedence over .env, so the written values would have no effect. */
function sayOverridden(
  terminal: Terminal,
  values: Readonly<Record<string, string>>,
  env: SetupDeps['env'],
): void {
  const names = Object.keys(values).filter((name) => env[name]?.trim() && env[name] !== values[name]);
  if (names.length === 0) return;
  terminal.say(
    'warn',
    `The environment has ${names.join(', ')}, too, and takes precedence over .env: unset it there.`,
  );
}

function sayInvitation(terminal: Terminal, { id, integration_types_config: contexts }: Application): void {
  const { invite, install } = invitationOf(id);
  const own = contexts && !contexts['1'] ? '' : `\nor to your own account, to use it anywhere:\n${install}`;
  terminal.say('info', `Add the bot to your server:\n${invite}${own}`);
}
