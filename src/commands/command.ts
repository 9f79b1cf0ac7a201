import type {
  APIApplicationCommandOption,
  ApplicationCommandOptionType,
  Attachment,
  ChatInputCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { FileStore } from '../services/files.ts';
import type { Fetcher } from '../services/images/fetch.ts';
import type { Ledger } from '../services/ledger/index.ts';
import type { Logger } from '../services/log.ts';
import type { ModelId } from '../services/models.ts';
import type { Runner } from '../services/runner/index.ts';

/** What a command may use besides the interaction itself. */
export interface CommandContext {
  /** The model where a person chooses none. */
  readonly defaultModel: ModelId;
  readonly retentionDays: number;
  readonly ledger: Ledger;
  readonly files: FileStore;
  readonly runner: Runner;
  readonly fetcher: Fetcher;
  readonly log: Logger;
}

type Payload = RESTPostAPIChatInputApplicationCommandsJSONBody;

export interface Command<P extends Payload = Payload> {
  /** As it is registered at Discord. */
  readonly payload: P;
  /** Decides fast, answers or defers, and leaves long work to the runner. */
  run(
    interaction: ChatInputCommandInteraction,
    options: OptionsOf<P>,
    context: CommandContext,
  ): Promise<void>;
}

/** Declares a command once: the option types of `run` follow from the payload's literal. */
export function defineCommand<const P extends Payload>(command: Command<P>): Command<P> {
  return command;
}

/** Reads what the person gave, under the names and types that the payload declares. */
export function readOptions<P extends Payload>(
  payload: P,
  interaction: ChatInputCommandInteraction,
): OptionsOf<P> {
  const values = (payload.options ?? []).map(({ name }) => {
    const given = interaction.options.get(name);
    return [name, given?.attachment ?? given?.value ?? null];
  });
  return Object.fromEntries(values) as OptionsOf<P>;
}

/** `{ prompt: string; ratio: '1:1' | …| null; … }` */
export type OptionsOf<P extends Payload> = P extends {
  options: readonly (infer Option extends APIApplicationCommandOption)[];
}
  ? { [O in Option as O['name']]: O extends { required: true } ? ValueOf<O> : ValueOf<O> | null }
  : Record<never, never>;

type ValueOf<O extends APIApplicationCommandOption> = O extends { choices: readonly { value: infer Value }[] }
  ? Value
  : O['type'] extends ApplicationCommandOptionType.String
    ? string
    : O['type'] extends ApplicationCommandOptionType.Boolean
      ? boolean
      : O['type'] extends ApplicationCommandOptionType.Integer | ApplicationCommandOptionType.Number
        ? number
        : O['type'] extends ApplicationCommandOptionType.Attachment
          ? Attachment
          : never;
