import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import type { BotOnSandbox } from './bot-on-sandbox.ts';
import { labels, press, submit } from './buttons.ts';

/** Opens the rules of the server, as alice, who manages it. */
export async function openRules(on: BotOnSandbox): Promise<Message> {
  return answer(on.discord.interact.command({ name: 'imagine-admin' }));
}

/** Picks values in the menu of a rule, starting from the overview or from the message with the menu. */
export async function pickRule(
  on: BotOnSandbox,
  panel: Message,
  rule:
    | 'models'
    | 'maxResolution'
    | 'maxQuality'
    | 'refusedTools'
    | 'refusedRoles'
    | 'exemptRoles'
    | 'channels',
  ...values: string[]
): Promise<Message> {
  const isOfImages = ['models', 'maxResolution', 'maxQuality', 'refusedTools'].includes(rule);
  const label = isOfImages ? 'Models & sizes' : 'Access';
  const shown = on.discord.messages().find(({ id }) => id === panel.id) ?? panel;
  const message = labels(shown).includes(label) ? await answer(press(on, shown, label)) : shown;
  return answer(on.discord.interact.select({ message, customId: `rule:${rule}`, values }));
}

/** Fills in the form that a button of the overview opens. */
export async function fillRules(
  on: BotOnSandbox,
  panel: Message,
  label: string,
  fields: Readonly<Record<string, string>>,
): Promise<Message> {
  return answer(await submit(on, press(on, panel, label), fields));
}

/** Resets all rules. */
export async function resetRules(on: BotOnSandbox): Promise<Message> {
  const asked = await answer(press(on, await openRules(on), 'Reset'));
  return answer(press(on, asked, 'Yes, reset all rules'));
}

/** The message that answered an interaction at once, or that it changed. */
export async function answer(interaction: Interaction): Promise<Message> {
  const { message } = await interaction.response();
  if (!message) throw new Error('the interaction was answered by no message');
  return message;
}

/** The id of the role with this name. */
export function roleNamed({ discord }: BotOnSandbox, name: string): string {
  const role = discord.guild.roles.find((each) => each.name === name);
  if (!role) throw new Error(`there is no role ${name}`);
  return role.id;
}
