import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Balances } from '../../../src/services/account/balances.ts';
import type { Application } from '../../../src/services/setup/application.ts';
import type { Checked } from '../../../src/services/setup/checked.ts';
import { envFileAt } from '../../../src/services/setup/env-file.ts';
import { explainSetupProblem } from '../../../src/services/setup/explain.ts';
import { type SetupDeps, setUp } from '../../../src/services/setup/index.ts';
import { SetupCancelled } from '../../../src/services/setup/terminal.ts';
import { everyModelAt } from '../../support/prices.ts';
import {
  asText,
  CTRL_C,
  CTRL_D,
  createTypedTerminal,
  DOWN,
  ENTER,
  type TypedTerminal,
} from '../../support/typed-terminal.ts';

const TOKEN = 'MTIz.right-token';
const KEY = 'sk-right-key';
const APPLICATION: Application = { id: '123', name: 'imagine', owner: { id: '1' } };
const BALANCES: Balances = { account: { available: 10_000, used: 0 }, key: null };
const TEMPLATE = 'DISCORD_TOKEN=\nJIMMYAI_API_KEY=\n#USER_PER_DAY=0\n#TOTAL_PER_DAY=0\n#LOG_LEVEL=info\n';
const UNCLEAR: Checked<never> = { outcome: 'unclear', why: 'Nobody answers.' };

let folder: string;
let path: string;
let person: TypedTerminal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imagine-setup-'));
  path = join(folder, '.env');
  person = createTypedTerminal();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const secret of [TOKEN, KEY, 'wrong-secret']) {
    expect(person.shown().includes(secret), 'a secret was shown').toBe(false);
  }
});

/** Begins the setup; both sides know one secret each. */
function begin(deps: Partial<SetupDeps> = {}): Promise<unknown> {
  const running = setUp({
    terminal: person.terminal,
    envFile: envFileAt(path),
    template: TEMPLATE,
    env: {},
    checkToken: async (token) => known(token === TOKEN, APPLICATION),
    checkKey: async (key) => known(key === KEY, BALANCES),
    ...deps,
  });
  // How it ends is for each test to see.
  return running.then(
    () => 'done',
    (error) => error,
  );
}

function known<T>(isRight: boolean, found: T): Checked<T> {
  return isRight ? { outcome: 'accepted', found } : { outcome: 'refused', why: 'It is refused.' };
}

async function answer(question: RegExp | string, keys: string): Promise<void> {
  await person.reads(question);
  person.type(keys);
}

async function answerAll(): Promise<void> {
  await answer("◆ The bot's token", TOKEN + ENTER);
  await answer('◆ The key', KEY + ENTER);
  await answer(/◆ How many \w+ may everybody/, ENTER);
  await answer(/◆ How many \w+ may one person/, ENTER);
}

const written = () => parseEnv(readFileSync(path, 'utf8'));

test('four answers make a .env that the owner alone can read, with limits by the balance', async () => {
  const end = begin();
  await answerAll();
  expect(await end).toBe('done');
  expect(readFileSync(path, 'utf8')).toBe(
    `DISCORD_TOKEN=${TOKEN}\nJIMMYAI_API_KEY=${KEY}\nUSER_PER_DAY=100\nTOTAL_PER_DAY=500\n#LOG_LEVEL=info\n`,
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['.env']);
});

test('the end says where the bot is invited from, and how it is started', async () => {
  const end = begin();
  await answerAll();
  await person.reads(/oauth2\/authorize\?client_id=123&scope=bot.*integration_type=1.*npm start/);
  await end;
});

test('what to change of the application is said with its page', async () => {
  const application = { ...APPLICATION, bot_public: true, integration_types_config: { 0: {} } };
  const end = begin({ checkToken: async () => known(true, application) });
  await person.reads("◆ The bot's token");
  person.type(TOKEN + ENTER);
  await person.reads(/User Install.*Public Bot is on.*applications\/123\/bot/);
  person.type(CTRL_C);
  await end;
});

test('a wrong token and a wrong key are said at once, and asked for again', async () => {
  const end = begin();
  await answer("◆ The bot's token", `wrong-secret${ENTER}`);
  await answer(/It is refused\..*◆ The bot's token/, TOKEN + ENTER);
  await answer('◆ The key', `wrong-secret${ENTER}`);
  await answer(/It is refused\..*◆ The key/, KEY + ENTER);
  await answer('may everybody', ENTER);
  await answer('may one person', ENTER);
  expect(await end).toBe('done');
  expect(written()).toMatchObject({ DISCORD_TOKEN: TOKEN, JIMMYAI_API_KEY: KEY });
});

test('what cannot be a token, a key or a limit is said before anybody is asked', async () => {
  const asked: string[] = [];
  const end = begin({
    checkToken: async (token) => {
      asked.push(token);
      return known(true, APPLICATION);
    },
  });
  await answer("◆ The bot's token", ENTER);
  await answer('Paste it here', `wrong secret${ENTER}`);
  await answer('must not contain spaces', `\x15${TOKEN}${ENTER}`);
  await answer('◆ The key', KEY + ENTER);
  await answer('may everybody', `many${ENTER}`);
  await answer('TOTAL_PER_DAY must be a number', `\x157${ENTER}`);
  await answer('may one person', `-1${ENTER}`);
  await answer('USER_PER_DAY must not be negative', `\x150${ENTER}`);
  expect(await end).toBe('done');
  expect(asked).toEqual([TOKEN]);
  expect(written()).toMatchObject({ TOTAL_PER_DAY: '7', USER_PER_DAY: '0' });
});

test('where nobody answers, the person tries again, goes on, or leaves', async () => {
  const answers: Checked<Application>[] = [UNCLEAR, known(true, APPLICATION)];
  const end = begin({
    checkToken: async () => answers.shift() ?? UNCLEAR,
    checkKey: async () => UNCLEAR,
  });
  await answer("◆ The bot's token", TOKEN + ENTER);
  await answer(/Nobody answers.*◆ It could not be checked/, ENTER);
  await answer(/knows the bot as imagine.*◆ The key/, KEY + ENTER);
  await answer(/Nobody answers.*◆ It could not be checked/, DOWN + ENTER);
  await answer('20 images a day are a cautious beginning', ENTER);
  await answer('may one person', ENTER);
  expect(await end).toBe('done');
  expect(written()).toMatchObject({ JIMMYAI_API_KEY: KEY, TOTAL_PER_DAY: '20' });
});

test('whoever goes on without a check of the token finds the invitation at the start', async () => {
  const end = begin({ checkToken: async () => UNCLEAR });
  await answer("◆ The bot's token", TOKEN + ENTER);
  await answer('◆ It could not be checked', DOWN + ENTER);
  await answer('◆ The key', KEY + ENTER);
  await answer('may everybody', ENTER);
  await answer('may one person', ENTER);
  await person.reads('The start says where to add the bot');
  expect(await end).toBe('done');
});

test('whoever leaves because nobody answers has written nothing', async () => {
  const end = begin({ checkToken: async () => UNCLEAR });
  await answer("◆ The bot's token", TOKEN + ENTER);
  await answer('◆ It could not be checked', DOWN + DOWN + ENTER);
  expect(await end).toBeInstanceOf(SetupCancelled);
  expect(readdirSync(folder)).toEqual([]);
});

const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  ["◆ The bot's token", TOKEN],
  ['◆ The key', KEY],
  ['may everybody', ''],
  ['may one person', ''],
];

test.each(
  Object.entries({ 'Ctrl+C': CTRL_C, 'Ctrl+D': CTRL_D, Escape: '\x1b' }).flatMap(([name, key]) =>
    QUESTIONS.map(([question], index) => ({ name, key, question, index })),
  ),
)('$name at “$question” leaves nothing behind', async ({ key, question, index }) => {
  const end = begin();
  for (const [earlier, typed] of QUESTIONS.slice(0, index)) await answer(earlier, typed + ENTER);
  await answer(question, key);
  const error = await end;
  expect(error).toBeInstanceOf(SetupCancelled);
  expect(explainSetupProblem(error)).toBe('Nothing was written.');
  expect(readdirSync(folder)).toEqual([]);
  expect(person.echoes()).toBe(true);
});

test('what is typed while a check runs is neither shown nor taken, and Ctrl+C leaves', async () => {
  const end = begin({ checkToken: () => new Promise(() => undefined) });
  await answer("◆ The bot's token", TOKEN + ENTER);
  await person.reads('Asking Discord');
  expect(person.echoes()).toBe(false);
  person.type('wrong-secret');
  person.type(CTRL_C);
  expect(await end).toBeInstanceOf(SetupCancelled);
  expect(person.echoes()).toBe(true);
});

test('a signal leaves nothing behind, at a question and while a check runs', async () => {
  const atQuestion = begin();
  await person.reads("◆ The bot's token");
  person.interrupt();
  expect(await atQuestion).toBeInstanceOf(SetupCancelled);

  person = createTypedTerminal();
  const atCheck = begin({ checkToken: () => new Promise(() => undefined) });
  await answer("◆ The bot's token", TOKEN + ENTER);
  await person.reads('Asking Discord');
  person.interrupt();
  expect(await atCheck).toBeInstanceOf(SetupCancelled);
  expect(existsSync(path)).toBe(false);
});

test('an existing .env gives the answers, and keeps its comments and other names', async () => {
  const before = `# ours\nDISCORD_TOKEN=${TOKEN}\nJIMMYAI_API_KEY="${KEY}" # of May\nLOG_LEVEL=debug\nTOTAL_PER_DAY=9\nOTHER='a b'\n`;
  writeFileSync(path, before, { mode: 0o644 });
  const end = begin();
  await answer(/There is a \.env already.*◆ The bot's token \(Enter keeps the one in \.env\)/, ENTER);
  await answer('◆ The key for the image service (Enter keeps', ENTER);
  await answer('may everybody', ENTER);
  await answer('may one person', `2${ENTER}`);
  expect(await end).toBe('done');
  expect(readFileSync(path, 'utf8')).toBe(`${before}USER_PER_DAY=2\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('with IMAGE_API=openai in .env, no key of JimmyAI is asked for', async () => {
  const before = `DISCORD_TOKEN=${TOKEN}\nIMAGE_API=openai\nOPENAI_MODELS=flux-dev\nOPENAI_BASE_URL=http://10.0.0.2/v1\n`;
  writeFileSync(path, before);
  const end = begin();
  await answer("◆ The bot's token", ENTER);
  await answer(/Images are made at http:\/\/10\.0\.0\.2\/v1.*may everybody/s, `9${ENTER}`);
  await answer('may one person', `2${ENTER}`);
  expect(await end).toBe('done');
  expect(readFileSync(path, 'utf8')).toBe(`${before}TOTAL_PER_DAY=9\nUSER_PER_DAY=2\n`);
});

test('a token of an existing .env that is refused is not offered again', async () => {
  writeFileSync(path, 'DISCORD_TOKEN=wrong-secret\n');
  const end = begin();
  await answer('(Enter keeps the one in .env)', ENTER);
  await person.reads(/It is refused\..*◆ The bot's token _/);
  person.type(CTRL_C);
  await end;
  expect(readFileSync(path, 'utf8')).toBe('DISCORD_TOKEN=wrong-secret\n');
});

test('with prices, the limits are proposed in coins', async () => {
  const costs = { ...everyModelAt(2), 'gpt-image-2': 5, 'nano-banana-pro': 8 };
  writeFileSync(path, `COST_TABLE='${JSON.stringify(costs)}'\n`);
  const end = begin();
  await answerAll();
  expect(await end).toBe('done');
  expect(asText(person.shown())).toContain('With 200 coins a day, 10,000 coins last at least a month.');
});

test('what else would stop the start is said before the first question', async () => {
  writeFileSync(path, 'LOG_LEVEL=loud\nTOTAL_PER_DAY=-1\n');
  const error = await begin();
  expect(explainSetupProblem(error)).toMatch(/^Fix this first.*\n {2}LOG_LEVEL must be one of .*$/);
  expect(person.shown()).toBe('');
});

test('a variable of the environment that takes precedence over what was written is named', async () => {
  const end = begin({ env: { DISCORD_TOKEN: 'wrong-secret', LOG_LEVEL: 'info' } });
  await answerAll();
  await person.reads(/The environment has DISCORD_TOKEN, too, and takes precedence over \.env/);
  expect(await end).toBe('done');
});

test('an empty account is said', async () => {
  const empty: Balances = { account: { available: 0, used: 5 }, key: null };
  const end = begin({ checkKey: async () => known(true, empty) });
  await answerAll();
  await end;
  expect(asText(person.shown())).toContain('no coins are left: top up before the first image.');
});

test('names from outside do not steer the terminal', async () => {
  const steering = { ...APPLICATION, name: 'a\x1b]0;b\x07\x9b2Jc\u202e' };
  const end = begin({ checkToken: async () => known(true, steering) });
  await answerAll();
  await end;
  for (const steers of ['\x1b]', '\x9b', '\u202e']) expect(person.shown()).not.toContain(steers);
});

test('a .env that cannot be replaced is said in one line', async () => {
  const end = begin({ envFile: envFileAt(join(folder, 'absent', '.env')) });
  await answerAll();
  expect(explainSetupProblem(await end)).toMatch(/^Nothing was written: \.env cannot be .*ENOENT.*$/);
});
