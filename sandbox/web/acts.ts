import type { Discord, FirstResponse, Interaction, Message, PersonFile } from '../discord/index.ts';
import { resolvePlace } from './places.ts';
import type { Act, ActAnswer } from './protocol.ts';

/** The files of a submitted form, by the names of their fields. */
export type SentFiles = ReadonlyMap<string, PersonFile>;

/** Does what a person did on the page, and waits for the bot's first answer. */
export type Perform = (act: Act, files: SentFiles) => Promise<ActAnswer>;

export function createPerform(discord: Discord): Perform {
  const modals = new Map<string, FirstResponse>();

  async function answerTo(interaction: Interaction): Promise<ActAnswer> {
    const response = await interaction.response();
    const { interactionId, modal, choices } = response;
    if (modal) modals.set(interactionId, response);
    return { ...(modal && { modal: { interactionId, form: modal } }), ...(choices && { choices }) };
  }

  return async (act, files) => {
    try {
      const interaction = await begin(discord, modals, act, files);
      if (!interaction) return {};
      return await answerTo(interaction).catch((error: unknown) => ({ failed: messageOf(error) }));
    } catch (error) {
      return { refused: messageOf(error) };
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Undefined for acts that aren't interactions. @throws {Error} with words for a person, when Discord's client wouldn't
 * allow it.
 */
async function begin(
  discord: Discord,
  modals: ReadonlyMap<string, FirstResponse>,
  act: Act,
  files: SentFiles,
): Promise<Interaction | undefined> {
  const { interact } = discord;
  const by = resolvePlace(discord, act);
  // A message from an interaction keeps that interaction's installation.
  const { user, locale } = by;
  switch (act.kind) {
    case 'command': {
      const options = withFiles(act.options, files);
      const { name, subcommand } = act;
      return interact.command({ ...by, name, options, ...(subcommand !== undefined && { subcommand }) });
    }
    case 'autocomplete':
      return interact.autocomplete({ ...by, name: act.name, option: act.option, value: act.value });
    case 'say':
      await discord.say({ ...by, content: act.content, files: act.files.map((each) => sent(each, files)) });
      return undefined;
    case 'click':
      return interact.click({ user, locale, message: messageById(discord, act), customId: act.customId });
    case 'select': {
      const { customId, values } = act;
      return interact.select({ user, locale, message: messageById(discord, act), customId, values });
    }
    case 'menu':
      return interact.messageMenu({ ...by, message: messageById(discord, act), name: act.name });
    case 'submit': {
      const modal = modals.get(act.interactionId);
      if (!modal) throw new Error('That form is gone.');
      return interact.submitModal({ user, locale, modal, fields: withFiles(act.fields, files) });
    }
  }
}

function messageById(discord: Discord, { messageId }: { messageId: string }): Message {
  const message = discord.messages().find(({ id }) => id === messageId);
  if (!message) throw new Error('That message is gone.');
  return message;
}

type Sent = { file: string };

function sent({ file }: Sent, files: SentFiles): PersonFile {
  const found = files.get(file);
  if (!found) throw new Error('A file was lost on its way.');
  return found;
}

type WithFiles<T> = T extends Sent ? PersonFile : T extends (infer Item)[] ? WithFiles<Item>[] : T;

/** Replaces the names of files by the files. */
function withFiles<T>(values: Record<string, T>, files: SentFiles): Record<string, WithFiles<T>> {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    return typeof value === 'object' && value !== null ? sent(value as Sent, files) : value;
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, replace(value) as WithFiles<T>]),
  );
}
