import { type APIApplicationCommandOption, ApplicationCommandOptionType } from 'discord.js';

/**
 * Whether the declaration of a command allows this value for an option; null stands for no value. Discord checks this
 * too, but older versions of a command stay in use for a while, and other implementations may be more lenient. The
 * length of a text is not checked here: nobody documents how Discord counts it.
 */
export function isDeclared(option: APIApplicationCommandOption, value: unknown): boolean {
  if (value === null) return !option.required;
  switch (option.type) {
    case ApplicationCommandOptionType.String:
      return typeof value === 'string' && isChoice(option, value);
    case ApplicationCommandOptionType.Integer:
      return Number.isInteger(value) && isChoice(option, value) && isWithin(option, value as number);
    case ApplicationCommandOptionType.Number:
      return Number.isFinite(value) && isChoice(option, value) && isWithin(option, value as number);
    case ApplicationCommandOptionType.Boolean:
      return typeof value === 'boolean';
    case ApplicationCommandOptionType.Attachment:
      return typeof value === 'object';
    default:
      return false;
  }
}

function isChoice({ choices }: { choices?: readonly { value: unknown }[] }, value: unknown): boolean {
  return !choices || choices.some((choice) => choice.value === value);
}

function isWithin({ min_value = -Infinity, max_value = Infinity }: Range, value: number): boolean {
  return value >= min_value && value <= max_value;
}

interface Range {
  readonly min_value?: number;
  readonly max_value?: number;
}
