import {
  type APIApplicationCommandOption,
  ApplicationCommandType,
  ApplicationCommandOptionType as OptionType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { ZodMiniType } from 'zod/mini';
import { type FieldError, invalidFormBody } from '../errors.ts';
import { type Described, sizeOf } from './command-size.ts';
import { schemaErrors } from './schema.ts';

export type CommandBody = RESTPostAPIApplicationCommandsJSONBody & { id?: string | null };
type Path = readonly (string | number)[];

/** Checks one command as Discord does on registration. @throws {DiscordError} 50035 naming every fault. */
export function checkCommand(schema: ZodMiniType, body: unknown): CommandBody {
  const errors = commandErrors(schema, body, []);
  if (errors.length > 0) throw invalidFormBody(errors);
  return body as CommandBody;
}

/** Checks a whole list, as PUT takes it. @throws {DiscordError} 50035. */
export function checkCommands(schema: ZodMiniType, body: unknown): CommandBody[] {
  const list = body ?? [];
  if (!Array.isArray(list)) {
    throw invalidFormBody([
      { path: [], code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' },
    ]);
  }
  const errors = list.flatMap((command, index) => commandErrors(schema, command, [index]));
  if (errors.length === 0) {
    errors.push(...tooManyOfAType(list), ...duplicates(list, [], 'APPLICATION_COMMANDS_DUPLICATE_NAME'));
  }
  if (errors.length > 0) throw invalidFormBody(errors);
  return list;
}

function commandErrors(schema: ZodMiniType, body: unknown, path: Path): FieldError[] {
  const errors = schemaErrors(schema, withNumericPermissions(body), path);
  if (errors.length > 0) return errors;
  const command = body as CommandBody;
  return isChatInput(command)
    ? chatInputErrors(command as Described, path)
    : menuErrors(command as Described, path);
}

/** Discord accepts the permission bits as a string, but its OpenAPI description only knows numbers. */
function withNumericPermissions(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('default_member_permissions' in body)) return body;
  const bits = body.default_member_permissions;
  return typeof bits === 'string' && /^\d+$/.test(bits)
    ? { ...body, default_member_permissions: Number(bits) }
    : body;
}

function isChatInput(command: CommandBody) {
  return (command.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
}

// docs: interactions/application-commands, application command naming; names are lower case in scripts that have cases.
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const COMMAND_SIZE_LIMIT = 8000;

function chatInputErrors(command: Described, path: Path): FieldError[] {
  const errors = [...descriptionErrors(command, path), ...namedErrors(command, path)];
  if (sizeOf(command) > COMMAND_SIZE_LIMIT) {
    const message = `Command exceeds maximum size (${COMMAND_SIZE_LIMIT})`;
    errors.push({ path, code: 'APPLICATION_COMMAND_TOO_LARGE', message });
  }
  return errors;
}

function descriptionErrors({ description }: Described, path: Path): FieldError[] {
  return description
    ? []
    : [{ path: [...path, 'description'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }];
}

function namedErrors(item: Described, path: Path): FieldError[] {
  const names: [Path, string | null][] = [
    [[...path, 'name'], item.name],
    ...Object.entries(item.name_localizations ?? {}).map(([locale, name]): [Path, string | null] => [
      [...path, 'name_localizations', locale],
      name,
    ]),
  ];
  const errors = names.flatMap(([at, name]) =>
    name === null || (NAME.test(name) && name === name.toLowerCase())
      ? []
      : [{ path: at, code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' }],
  );
  return [...errors, ...optionErrors(item.options ?? [], [...path, 'options'])];
}

function optionErrors(options: readonly APIApplicationCommandOption[], path: Path): FieldError[] {
  const errors = duplicates(options, path, 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS');
  let optionalSeen = false;
  options.forEach((option, index) => {
    const at = [...path, index];
    if (option.required && optionalSeen) {
      const message = 'Required options must be placed before non-required options';
      errors.push({ path: at, code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message });
    }
    optionalSeen ||= !option.required;
    errors.push(...namedErrors(option as Described, at), ...choiceErrors(option, at));
  });
  const kinds = new Set(options.map(({ type }) => isNesting(type)));
  if (kinds.size > 1) {
    const message =
      'Sub-command and sub-command group option types are mutually exclusive to all other types';
    errors.push({ path, code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message });
  }
  return errors;
}

function isNesting(type: OptionType): boolean {
  return type === OptionType.Subcommand || type === OptionType.SubcommandGroup;
}

function choiceErrors(option: APIApplicationCommandOption, path: Path): FieldError[] {
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  const at = [...path, 'choices'];
  const errors = duplicates(choices, at, 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS');
  if (choices.length > 0 && 'autocomplete' in option && option.autocomplete) {
    const message = 'Autocomplete options cannot have choices';
    errors.push({ path: at, code: 'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_INVALID', message });
  }
  choices.forEach(({ value }, index) => {
    if (typeof value === 'string' && value.length > 100) {
      const message = 'Must be 100 or fewer in length.';
      errors.push({ path: [...at, index, 'value'], code: 'BASE_TYPE_MAX_LENGTH', message });
    }
  });
  return errors;
}

function menuErrors(command: Described, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (command.description) {
    const message = 'Context menu commands cannot have description';
    errors.push({
      path: [...path, 'description'],
      code: 'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID',
      message,
    });
  }
  if (command.options && command.options.length > 0) {
    const message = 'Context menu commands cannot have options';
    errors.push({
      path: [...path, 'options'],
      code: 'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID',
      message,
    });
  }
  return errors;
}

// docs: interactions/application-commands, 100 slash commands, 15 of each menu per scope.
const MOST_OF_TYPE = new Map([
  [ApplicationCommandType.ChatInput, 100],
  [ApplicationCommandType.User, 15],
  [ApplicationCommandType.Message, 15],
]);

function tooManyOfAType(list: readonly CommandBody[]): FieldError[] {
  return [...MOST_OF_TYPE].flatMap(([type, most]) =>
    list.filter((command) => (command.type ?? ApplicationCommandType.ChatInput) === type).length > most
      ? [{ path: [], code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${most} or fewer in length.` }]
      : [],
  );
}

function duplicates(
  items: readonly { name: string; type?: number | undefined }[],
  path: Path,
  code: string,
): FieldError[] {
  const seen = new Set<string>();
  return items.flatMap(({ name, type }, index) => {
    // Commands of different types may share a name; options and choices may not.
    const key = path.length === 0 ? `${type ?? 1}:${name}` : name;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: [...path, index, 'name'], code, message: 'Names must be unique' }];
  });
}
