import { createInterface } from 'node:readline';
import { MISBEHAVIOUR_KINDS } from '../jimmyai/index.ts';
import type { Sandbox } from '../start.ts';
import { misbehaveOnce } from './misbehave.ts';
import { buttonsOf } from './render-message.ts';
import { runCommand } from './run-command.ts';

const HELP = `Type a command as in Discord, for example
  /imagine prompt: a fox in the snow model: nano-banana-2 ratio: 16:9 reference: ./fox.jpg
press a button of the latest message that has it:
  click Cancel
or make the image service misbehave at the next image:
  ${MISBEHAVIOUR_KINDS.map((kind) => `!${kind}`).join(' ')}
Ctrl+D ends it.`;

/**
 * Reads commands line by line until the input ends, then waits for what is still being made. Resolves with how many lines
 * there were.
 */
export async function readCommands(sandbox: Sandbox, print: (text: string) => void): Promise<number> {
  print(HELP);
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  const running = new Set<Promise<void>>();
  let lines = 0;
  input.prompt();
  for await (const line of input) {
    lines += 1;
    const done = obey(line.trim(), sandbox, print).catch((error: unknown) => print(messageOf(error)));
    running.add(done);
    input.prompt();
  }
  await Promise.all(running);
  return lines;
}

async function obey(line: string, sandbox: Sandbox, print: (text: string) => void): Promise<void> {
  if (line === '') return;
  if (line.startsWith('!')) return misbehaveOnce(line.slice(1), sandbox.jimmyAi);
  const [, label] = /^click (.+)$/i.exec(line) ?? [];
  if (label) return clickLatest(label, sandbox);
  if (line.startsWith('/')) await runCommand(line, sandbox, print);
  else print(HELP);
}

async function clickLatest(label: string, { discord }: Sandbox): Promise<void> {
  for (const message of discord.messages().reverse()) {
    const found = buttonsOf(message).find((button) => button.label.toLowerCase() === label.toLowerCase());
    if (!found) continue;
    await discord.interact.click({ message, customId: found.customId }).response();
    return;
  }
  throw new Error(`No message has a button "${label}".`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
