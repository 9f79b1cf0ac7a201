import type {
  APIApplicationCommand,
  APIApplicationCommandBasicOption,
  APIApplicationCommandOption,
} from 'discord-api-types/v10';
import type { OfferedCommands } from '../../protocol.ts';
import { CommandType, Option } from '../kinds.ts';
import { descriptionIn, nameIn } from '../locales.ts';

/** A command that can be run: a whole one, or one of its subcommands. */
export interface CommandPath {
  readonly command: APIApplicationCommand;
  readonly subcommand: string | undefined;
  /** The name for people: `imagine`, or `settings set`. */
  readonly label: string;
  readonly description: string;
  readonly options: readonly APIApplicationCommandBasicOption[];
}

export function commandPaths(commands: OfferedCommands, locale: string): CommandPath[] {
  return commands
    .filter(({ type }) => type === CommandType.Slash)
    .flatMap((command) => pathsIn(command, command.options ?? [], locale));
}

function pathsIn(
  command: APIApplicationCommand,
  options: readonly APIApplicationCommandOption[],
  locale: string,
  above: readonly APIApplicationCommandOption[] = [],
): CommandPath[] {
  const nested = options.filter(({ type }) => type === Option.Subcommand || type === Option.SubcommandGroup);
  if (nested.length > 0) {
    return nested.flatMap((option) =>
      pathsIn(command, ('options' in option && option.options) || [], locale, [...above, option]),
    );
  }
  const subcommand = above.map(({ name }) => name).join(' ') || undefined;
  return [
    {
      command,
      subcommand,
      label: [command, ...above].map((part) => nameIn(locale, part)).join(' '),
      description: descriptionIn(locale, above.at(-1) ?? command),
      options: options as APIApplicationCommandBasicOption[],
    },
  ];
}
