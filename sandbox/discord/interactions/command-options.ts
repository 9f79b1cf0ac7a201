import {
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType as OptionType,
} from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';
import { checkFileType, isPersonFile, type PersonFile, upload } from './person-file.ts';
import { mergeResolved, resolveId } from './resolved.ts';

/** A person's value for an option: a choice by its name or value; people, roles and channels by id. */
export type OptionValue = string | number | boolean | PersonFile;

export interface FilledOption {
  name: string;
  type: OptionType;
  value?: string | number | boolean;
  options?: FilledOption[];
}

interface Filling {
  world: World;
  cdn: Cdn;
  act: Act;
}

/**
 * Fills a command's options as Discord's client does. Throws at once for values that the client wouldn't let a person
 * send; the promise only waits for uploads. @throws {Error} that names the option that doesn't match the registered
 * command.
 */
export function fillOptions(
  command: APIApplicationCommand,
  given: Readonly<Record<string, OptionValue>>,
  subcommand: string | undefined,
  filling: Filling,
): Promise<{ options: FilledOption[]; resolved: APIInteractionDataResolved }> {
  const path = subcommand?.split(' ') ?? [];
  const registered = path.reduce<readonly APIApplicationCommandOption[]>(
    (options, name) => nestedOptions(options, name),
    command.options ?? [],
  );
  const chosen = checkAgainst(registered as APIApplicationCommandBasicOption[], given);
  return complete(chosen, path, filling);
}

type Chosen = { option: APIApplicationCommandBasicOption; value: OptionValue };

async function complete(chosen: readonly Chosen[], path: readonly string[], filling: Filling) {
  const filled = await Promise.all(chosen.map(({ option, value }) => fill(option, value, filling)));
  const nest = (options: FilledOption[], depth: number): FilledOption[] => {
    const name = path[depth];
    if (name === undefined) return options;
    const isGroup = depth < path.length - 1;
    const type = isGroup ? OptionType.SubcommandGroup : OptionType.Subcommand;
    return [{ name, type, options: nest(options, depth + 1) }];
  };
  return {
    options: nest(
      filled.map(({ option }) => option),
      0,
    ),
    resolved: mergeResolved(filled.map(({ resolved }) => resolved)),
  };
}

async function fill({ name, type }: APIApplicationCommandBasicOption, value: OptionValue, filling: Filling) {
  if (isPersonFile(value)) {
    const place = { channelId: filling.act.channel.id, ephemeral: true };
    const attachment = await upload(filling.cdn, value, place);
    return {
      option: { name, type, value: attachment.id },
      resolved: { attachments: { [attachment.id]: attachment } },
    };
  }
  const resolved = ID_TYPES.has(type) ? resolveId(filling.world, filling.act, String(value)) : {};
  return { option: { name, type, value }, resolved };
}

const ID_TYPES = new Set([OptionType.User, OptionType.Role, OptionType.Channel, OptionType.Mentionable]);

function nestedOptions(options: readonly APIApplicationCommandOption[], name: string) {
  const option = options.find((candidate) => candidate.name === name);
  if (!option) throw new Error(`there is no subcommand ${name}`);
  return ('options' in option ? option.options : undefined) ?? [];
}

function checkAgainst(
  registered: readonly APIApplicationCommandBasicOption[],
  given: Readonly<Record<string, OptionValue>>,
): Chosen[] {
  const missing = registered.find(({ name, required }) => required && given[name] === undefined);
  if (missing) throw new Error(`option ${missing.name} is required`);
  return Object.entries(given).map(([name, value]) => {
    const option = registered.find((candidate) => candidate.name === name);
    if (!option) throw new Error(`there is no option ${name}`);
    return { option, value: checkedValue(option, value) };
  });
}

function checkedValue(option: APIApplicationCommandBasicOption, value: OptionValue): OptionValue {
  switch (option.type) {
    case OptionType.String:
      return chosen(option, expectType('string', option.name, value), () =>
        checkLength(option, String(value)),
      );
    case OptionType.Integer:
    case OptionType.Number:
      return chosen(option, value, () => checkRange(option, value));
    case OptionType.Boolean:
      return expectType('boolean', option.name, value);
    case OptionType.Attachment:
      return checkFile(option, value);
    default:
      return expectType('string', option.name, value);
  }
}

function expectType(type: 'string' | 'number' | 'boolean', name: string, value: OptionValue): OptionValue {
  if (typeof value !== type) throw new Error(`option ${name} takes a ${type}`);
  return value;
}

/** An option with choices only accepts these; a person sees their names. */
function chosen(
  option: APIApplicationCommandBasicOption,
  value: OptionValue,
  checkFreeValue: () => void,
): OptionValue {
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  if (choices.length === 0) {
    checkFreeValue();
    return value;
  }
  const choice = choices.find((candidate) => candidate.value === value || candidate.name === value);
  if (!choice) throw new Error(`option ${option.name} has no choice ${JSON.stringify(value)}`);
  return choice.value;
}

function checkLength(option: { name: string; min_length?: number; max_length?: number }, text: string): void {
  const { min_length: min = 1, max_length: max = 6000 } = option;
  if (text.length < min || text.length > max)
    throw new Error(`option ${option.name} takes ${min} to ${max} characters`);
}

function checkRange(option: APIApplicationCommandBasicOption, value: OptionValue): void {
  const { min_value: min = -(2 ** 53), max_value: max = 2 ** 53 } = option as {
    min_value?: number;
    max_value?: number;
  };
  if (typeof value !== 'number' || value < min || value > max) {
    throw new Error(`option ${option.name} takes a number from ${min} to ${max}`);
  }
  if (option.type === OptionType.Integer && !Number.isInteger(value)) {
    throw new Error(`option ${option.name} takes whole numbers`);
  }
}

function checkFile(option: APIApplicationCommandBasicOption, value: OptionValue): PersonFile {
  if (!isPersonFile(value)) throw new Error(`option ${option.name} takes a file`);
  checkFileType(value, (option as { file_types?: string[] }).file_types, `option ${option.name}`);
  return value;
}
