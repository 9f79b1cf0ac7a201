import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
} from 'discord-api-types/v10';
import type { OptionValue } from '../discord/index.ts';

/** A slash command that a person has typed: its name and its options. */
export interface TypedCommand {
  readonly name: string;
  readonly options: Record<string, OptionValue>;
}

/**
 * Reads `/imagine prompt: a fox in the snow ratio: 16:9 reference: ./fox.jpg` by the registered commands. The value of
 * an option ends at the name of the next. Throws a readable Error when no command or option matches.
 */
export async function parseCommand(
  line: string,
  commands: readonly APIApplicationCommand[],
): Promise<TypedCommand> {
  const [, name = '', rest = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    throw new Error(
      `There is no command "${line.trim()}". There is ${commands.map((known) => `/${known.name}`).join(', ')}.`,
    );
  }
  const declared = command.options ?? [];
  const options: Record<string, OptionValue> = {};
  for (const { option, text } of split(rest, declared))
    options[option.name] = await optionValue(option, text);
  return { name, options };
}

function split(text: string, declared: readonly APIApplicationCommandOption[]) {
  if (declared.length === 0) return [];
  const names = declared.map(({ name }) => name).join('|');
  const starts = [...text.matchAll(new RegExp(`(?<=^|\\s)(${names}):`, 'g'))];
  const before = text.slice(0, starts[0]?.index ?? text.length).trim();
  if (before)
    throw new Error(
      `"${before}" belongs to no option. Write an option's name first: ${declared[0]?.name}: ${before}`,
    );
  return starts.map((start, index) => {
    const option = declared.find(({ name }) => name === start[1]);
    if (!option) throw new Error(`there is no option ${start[1]}`);
    const end = starts[index + 1]?.index ?? text.length;
    return { option, text: text.slice(start.index + start[0].length, end).trim() };
  });
}

async function optionValue(option: APIApplicationCommandOption, text: string): Promise<OptionValue> {
  switch (option.type) {
    case ApplicationCommandOptionType.Attachment:
      return { name: basename(text), bytes: await fileAt(text) };
    case ApplicationCommandOptionType.Boolean:
      if (!/^(true|false|yes|no)$/i.test(text)) throw new Error(`${option.name} is either true or false`);
      return /^(true|yes)$/i.test(text);
    case ApplicationCommandOptionType.Integer:
    case ApplicationCommandOptionType.Number:
      return Number(text);
    default:
      return text;
  }
}

async function fileAt(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`${path} cannot be read`, { cause });
  }
}
