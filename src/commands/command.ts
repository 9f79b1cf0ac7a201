import {
  type APIApplicationCommandOption,
  type ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type Attachment,
  type ChatInputCommandInteraction,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { Account } from '../services/account/index.ts';
import type { Prices } from '../services/account/prices.ts';
import type { Allowance } from '../services/concurrency/allowance.ts';
import type { Semaphore } from '../services/concurrency/semaphore.ts';
import type { Turns } from '../services/concurrency/turns.ts';
import type { Owners } from '../services/discord/owners.ts';
import type { Replies } from '../services/discord/replies.ts';
import type { Worker } from '../services/generations/worker.ts';
import type { Fetcher } from '../services/images/fetch.ts';
import type { FileStore } from '../services/images/file-store.ts';
import type { Ledger } from '../services/ledger/ledger.ts';
import type { LedgerTrouble } from '../services/ledger/trouble.ts';
import type { Logger } from '../services/log.ts';
import type { Offer } from '../services/request/defaults.ts';
import type { HostLimits } from '../services/request/limits.ts';
import type { ServerRules } from '../services/request/server-rules.ts';
import type { Tool } from '../services/request/tools.ts';
import { isDeclared } from './declared.ts';
import type { Text } from './text/index.ts';

/** What a command may use besides the interaction itself. */
export interface CommandContext extends Offer {
  /** The tools that the bot's host offers. */
  readonly tools: readonly Tool[];
  /** The person has to confirm more images than this. */
  readonly confirmAbove: number;
  readonly retentionDays: number;
  /** The host's limits for everybody. */
  readonly limits: HostLimits;
  readonly prices: Pick<Prices, 'estimate'>;
  /** The bot warns its owner when fewer coins than this are left. */
  readonly balanceWarning: number | null;
  readonly account: Account;
  readonly owners: Owners;
  readonly ledger: Ledger;
  /** The rules of the interaction's server, which are read once. */
  readonly rules: () => Promise<ServerRules>;
  readonly ledgerTrouble: LedgerTrouble;
  readonly files: FileStore;
  readonly worker: Worker;
  readonly replies: Replies;
  readonly fetcher: Fetcher;
  /** Limits how many references are inspected and prepared for a person before anything is charged. */
  readonly unpaidReferences: Allowance;
  /** Limits how many requests of a person may be refused for their references. */
  readonly refusedRequests: Allowance;
  /** Limits how many requests of a person may end without images and without a charge. */
  readonly unchargedRequests: Allowance;
  /** Limits how many answers a person may get from the tools that write, and all people together. */
  readonly writtenAnswers: Allowance;
  readonly writtenAnswersOverall: Allowance;
  /** Limits how many drafts a person may have stored: questions, and opened forms. */
  readonly unfinishedDrafts: Allowance;
  /** Limits how often a person may have their favourites packed. */
  readonly archives: Allowance;
  /** Limits how many people's favourites are packed at once, because each takes memory. */
  readonly packing: Semaphore;
  /** Makes each person's references wait their turn, one after the other. */
  readonly turns: Turns;
  readonly now: () => number;
  /** When the interaction came in, by `performance.now`. Discord waits 3 s for the first answer. */
  readonly cameInAt: number;
  readonly log: Logger;
  /** Everything that the bot says, in the language of the person. */
  readonly text: Text;
}

/**
 * Almost every command works everywhere: in servers, in direct messages with the bot, and between people who have
 * installed it for themselves.
 */
export const EVERYWHERE = {
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
};

type Payload = RESTPostAPIChatInputApplicationCommandsJSONBody;

export interface Command<P extends Payload = Payload> {
  /** As it is registered at Discord. */
  readonly payload: P;
  /** Decides quickly, answers or defers, and leaves long work to the worker. */
  run(
    interaction: ChatInputCommandInteraction,
    options: OptionsOf<P>,
    context: CommandContext,
  ): Promise<void>;
}

/** Declares a command once; TypeScript infers the options of `run` from the payload. */
export function defineCommand<const P extends Payload>(command: Command<P>): Command<P> {
  return command;
}

/** A command in the "Apps" menu of a message. */
export interface MessageMenu {
  /** As it is registered at Discord. */
  readonly payload: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  run(interaction: MessageContextMenuCommandInteraction, context: CommandContext): Promise<void>;
}

/** Reads the person's options by the payload's declaration; null when they don't match it. */
export function readOptions<P extends Payload>(
  payload: P,
  interaction: ChatInputCommandInteraction,
): OptionsOf<P> | null {
  const options: readonly APIApplicationCommandOption[] = payload.options ?? [];
  const values = options.map(({ name }) => {
    const given = interaction.options.get(name);
    return [name, given?.attachment ?? given?.value ?? null] as const;
  });
  if (!options.every((option, index) => isDeclared(option, values[index]?.[1] ?? null))) return null;
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
