import {
  type APIApplicationCommand,
  ApplicationCommandType,
  ComponentType,
  InteractionContextType as Context,
  ApplicationIntegrationType as Installation,
  InteractionType,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { type AnyComponent, walkComponents } from '../world/components.ts';
import { present } from '../world/messages.ts';
import { permissionsIn } from '../world/permissions.ts';
import { type Channel, guildIdOf, type Message, type User } from '../world/world.ts';
import { type Act, begin, type InteractionDeps } from './begin.ts';
import { fillOptions, type OptionValue } from './command-options.ts';
import type { Interaction } from './interaction.ts';
import { type FieldValue, fillModal } from './modal-fields.ts';
import type { FirstResponse } from './registry.ts';
import { mergeResolved, resolveId } from './resolved.ts';

type PartialAct = Partial<Act>;
type OnMessage = Omit<PartialAct, 'channel'> & { message: Message };

/** What people do. Each throws a readable Error where Discord's client wouldn't let it be done. */
export interface Interact {
  /** Runs a slash command; `subcommand` is `name` or `group name`. */
  command(
    input: PartialAct & {
      name: string;
      subcommand?: string;
      options?: Readonly<Record<string, OptionValue>>;
    },
  ): Interaction;
  click(input: OnMessage & { customId: string }): Interaction;
  /** Picks values of a select menu: of a string select its options' values, of others ids. */
  select(input: OnMessage & { customId: string; values: readonly string[] }): Interaction;
  /** Submits the modal that was the response to an interaction. */
  submitModal(
    input: PartialAct & { modal: FirstResponse; fields: Readonly<Record<string, FieldValue>> },
  ): Interaction;
  /** Runs a command of a message's "Apps" menu. */
  messageMenu(input: OnMessage & { name: string }): Interaction;
  /** Types into an option that autocompletes; the response carries the choices. */
  autocomplete(input: PartialAct & { name: string; option: string; value: string }): Interaction;
  /** Hands the same interaction to the bot once more, as Discord may. */
  redeliver(interaction: Interaction): void;
  /** The commands that Discord's client offers there, of every type. */
  offered(input: PartialAct): APIApplicationCommand[];
}

export function createInteract(deps: InteractionDeps, defaults: { user: User; channel: Channel }): Interact {
  const { world, cdn, interactions, gateway } = deps;

  function actOf(input: PartialAct): Act {
    const act = { ...input, user: input.user ?? defaults.user, channel: input.channel ?? defaults.channel };
    if (!(permissionsIn(world, act.user.id, act.channel) & Permission.ViewChannel)) {
      throw new Error(`${act.user.username} doesn't see that channel`);
    }
    return act;
  }

  function onMessage(input: OnMessage): { act: Act; message: Message } {
    const message = world.messages.get(input.message.id);
    const channel = world.channels.get(input.message.channel_id);
    if (!message || !channel) throw new Error('the message is gone');
    const act = actOf({ ...input, channel });
    if (message.visibleTo !== null && message.visibleTo !== act.user.id) {
      throw new Error(`only another person sees that message, not ${act.user.username}`);
    }
    return { act, message };
  }

  function useComponent(
    input: OnMessage & { customId: string },
    check: (component: AnyComponent) => object,
  ): Interaction {
    const { act, message } = onMessage(input);
    const components = (message.components ?? []) as unknown as AnyComponent[];
    const found = walkComponents(components, []).find(
      ({ component }) => component.custom_id === input.customId,
    );
    if (!found) throw new Error(`the message has no component ${input.customId}`);
    const { component } = found;
    if (component.disabled) throw new Error(`component ${input.customId} is disabled`);
    const data = {
      id: component.id,
      custom_id: input.customId,
      component_type: component.type,
      ...check(component),
    };
    return begin(deps, act, InteractionType.MessageComponent, data, { source: message });
  }

  return {
    command(input) {
      const act = actOf(input);
      const command = findCommand(deps, act, input.name, ApplicationCommandType.ChatInput);
      const filling = { world, cdn, channelId: act.channel.id };
      const filled = fillOptions(command, input.options ?? {}, input.subcommand, filling);
      const data = filled.then(({ options, resolved }) => ({ ...calledCommand(command), options, resolved }));
      return begin(deps, act, InteractionType.ApplicationCommand, data);
    },
    click(input) {
      return useComponent(input, ({ type }) => {
        if (type !== ComponentType.Button) throw new Error(`${input.customId} is not a button`);
        return {};
      });
    },
    select(input) {
      return useComponent(input, (component) => {
        checkSelection(component, input.values);
        const isString = component.type === ComponentType.StringSelect;
        return {
          values: input.values,
          ...(!isString && { resolved: mergeResolved(input.values.map((id) => resolveId(world, id))) }),
        };
      });
    },
    submitModal({ modal: response, fields, ...input }) {
      const trigger = interactions.find(response.interactionId);
      if (!response.modal || !trigger) throw new Error('that response was no modal');
      const act = actOf({ user: trigger.user, channel: trigger.channel, ...input });
      const data = fillModal(response.modal, fields, { world, cdn, channelId: act.channel.id });
      return begin(deps, act, InteractionType.ModalSubmit, data, { source: trigger.source, trigger });
    },
    messageMenu(input) {
      const { act, message } = onMessage(input);
      const command = findCommand(deps, act, input.name, ApplicationCommandType.Message);
      return begin(deps, act, InteractionType.ApplicationCommand, {
        ...calledCommand(command),
        target_id: message.id,
        resolved: { messages: { [message.id]: present(message, cdn.sign) } },
      });
    },
    autocomplete(input) {
      const act = actOf(input);
      const command = findCommand(deps, act, input.name, ApplicationCommandType.ChatInput);
      const option = command.options?.find(({ name }) => name === input.option);
      if (!option || !('autocomplete' in option) || !option.autocomplete) {
        throw new Error(`option ${input.option} doesn't autocomplete`);
      }
      const focused = { name: option.name, type: option.type, value: input.value, focused: true };
      const data = { ...calledCommand(command), options: [focused] };
      return begin(deps, act, InteractionType.ApplicationCommandAutocomplete, data);
    },
    redeliver({ id }) {
      const record = interactions.find(id);
      if (!record) throw new Error(`there is no interaction ${id}`);
      gateway.interact(record.payload);
    },
    offered(input) {
      const act = actOf(input);
      return reachable(deps, act).filter((command) => reasonHidden(deps, command, act) === null);
    },
  };
}

function calledCommand({ id, name, type, guild_id: guildId }: APIApplicationCommand) {
  return { id, name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}

/** The command of that name a person is offered there. */
function findCommand(deps: InteractionDeps, act: Act, name: string, type: ApplicationCommandType) {
  const command = reachable(deps, act).find(
    (candidate) => candidate.name === name && candidate.type === type,
  );
  if (!command) throw new Error(`no command ${name} is registered`);
  const hidden = reasonHidden(deps, command, act);
  if (hidden !== null) throw new Error(hidden);
  return command;
}

/** The global commands and the guild's own, which take the place of global ones of their name. */
function reachable({ world }: InteractionDeps, act: Act): APIApplicationCommand[] {
  const guildId = guildIdOf(act.channel);
  const commands = [...world.commands.values()];
  const own = commands.filter((command) => guildId !== undefined && command.guild_id === guildId);
  const isReplaced = ({ name, type }: APIApplicationCommand) =>
    own.some((command) => command.name === name && command.type === type);
  return [...own, ...commands.filter((command) => command.guild_id === undefined && !isReplaced(command))];
}

/** Why Discord's client doesn't offer a command there; null where it does. */
function reasonHidden({ world }: InteractionDeps, command: APIApplicationCommand, act: Act): string | null {
  const isGuild = guildIdOf(act.channel) !== undefined;
  const context = isGuild ? Context.Guild : Context.BotDM;
  if (command.contexts && !command.contexts.includes(context)) return `${command.name} isn't offered here`;
  const installation = act.userInstalled ? Installation.UserInstall : Installation.GuildInstall;
  if (command.integration_types && !command.integration_types.includes(installation)) {
    return `${command.name} isn't offered for this installation`;
  }
  const permissions = permissionsIn(world, act.user.id, act.channel);
  const needed =
    BigInt(command.default_member_permissions ?? 0) | (isGuild ? Permission.UseApplicationCommands : 0n);
  const onlyAdministrators =
    command.default_member_permissions === '0' && !(permissions & Permission.Administrator);
  return isGuild && ((permissions & needed) !== needed || onlyAdministrators)
    ? `${act.user.username} lacks the permission for ${command.name}`
    : null;
}

function checkSelection(component: AnyComponent, values: readonly string[]): void {
  if (component.type === ComponentType.Button) throw new Error(`${component.custom_id} is not a select menu`);
  const [min, max] = [Number(component.min_values ?? 1), Number(component.max_values ?? 1)];
  if (values.length < min || values.length > max) throw new Error(`${min} to ${max} values can be selected`);
  if (component.type !== ComponentType.StringSelect) return;
  const options = Array.isArray(component.options) ? component.options : [];
  const stray = values.find((value) => !options.some((option: { value?: string }) => option.value === value));
  if (stray !== undefined) throw new Error(`${component.custom_id} has no option ${stray}`);
}
