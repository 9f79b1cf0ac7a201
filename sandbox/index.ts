import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startSandbox } from './start.ts';
import { followConversation } from './terminal/conversation.ts';
import { misbehaveOnce } from './terminal/misbehave.ts';
import { readCommands } from './terminal/repl.ts';
import { runCommand } from './terminal/run-command.ts';
import { startWebPage } from './web/index.ts';
import { openInBrowser } from './web/open-in-browser.ts';

const USAGE = `npm run sandbox                                a page like Discord's, and a conversation in this terminal
npm run sandbox -- '/imagine prompt: a fox'    one command: exits with 0 when its image has arrived, with 1 when not

  --port 3333             where the page is; unless told, a free one where 3333 is taken
  --no-open               doesn't open the page in the browser
  --speed 4               images are made this many times faster than in life
  --seed 1                fixes how long each one takes
  --api openai            the bot uses the service's OpenAI-compatible API
  --misbehave KIND        the image service misbehaves at the first image
  --out sandbox-output    the folder for images
  --log                   prints the bot's log, too`;

const { values, positionals } = readArguments();
const print = (text: string) => console.log(text);

const { speed, seed, api } = values;
const sandbox = await startSandbox({ speed: Number(speed), seed: Number(seed), api: apiNamed(api) });
if (values.log) sandbox.bot.onLog((line) => print(JSON.stringify(line)));
const conversation = followConversation({ discord: sandbox.discord, folder: values.out, print });
try {
  if (values.misbehave) misbehaveOnce(values.misbehave, sandbox.jimmyAi);
  const [command] = positionals;
  if (command === undefined) {
    await using page = await startWebPage(
      sandbox,
      values.port === undefined ? undefined : Number(values.port),
    );
    print(`The page: ${page.url}\n`);
    if (!values['no-open']) await openInBrowser(page.url);
    const lines = await readCommands(sandbox, print);
    // Closed from the beginning, as for a service or a job in the background: it is the page that is wanted.
    if (lines === 0 && !process.stdin.isTTY) await untilTold(print);
  } else {
    print(`alice  ${command}`);
    const problem = await runCommand(command, sandbox, print);
    if (problem !== null) throw new Error(`No image: ${problem}`);
  }
  await conversation.idle();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await sandbox.close();
}

/** Resolves once the process is told to end. */
async function untilTold(print: (text: string) => void): Promise<void> {
  print('There is no input to read commands from. The page stays until Ctrl+C or SIGTERM.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

function apiNamed(name: string): 'jimmyai' | 'openai' {
  if (name === 'jimmyai' || name === 'openai') return name;
  console.error(`--api is jimmyai or openai.\n\n${USAGE}`);
  process.exit(1);
}

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        speed: { type: 'string', default: '4' },
        seed: { type: 'string', default: '1' },
        out: { type: 'string', default: 'sandbox-output' },
        misbehave: { type: 'string' },
        api: { type: 'string', default: 'jimmyai' },
        port: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!parsed.values.help) return parsed;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}
