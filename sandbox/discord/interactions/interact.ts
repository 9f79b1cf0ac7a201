import {
  type APIApplicationCommand,
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionType,
} from 'discord-api-types/v10';
import { type AnyComponent, optionsOf, valueLimits, walkComponents } from '../world/components.ts';
import { present } from '../world/messages.ts';
import { maySee, permissionsIn } from '../world/permissions.ts';
import type { Channel, Message, User } from '../world/world.ts';
import type { Act } from './act.ts';
import { begin, type InteractionDeps } from './begin.ts';
import { fillOptions, type OptionValue } from './command-options.ts';
import type { Interaction } from './interaction.ts';
import { type FieldValue, fillModal } from './modal-fields.ts';
import { findOffered, offeredCommands } from './offered-commands.ts';
import type { FirstResponse } from './registry.ts';
import { mergeResolved, resolveId } from './resolved.ts';
import { checkIds } from './selectable.ts';

type PartialAct = Partial<Act>;
type OnMessage = Omit<PartialAct, 'channel'> & { message: Message };

/** The actions of people. Each throws a readable Error if Discord's client wouldn't allow it. */
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
  /** Picks values of a select menu: the values of a string select's options, or ids for other kinds. */
  select(input: OnMessage & { customId: string; values: readonly string[] }): Interaction;
  /** Submits the modal that an interaction was answered with. */
  submitModal(
    input: PartialAct & { modal: FirstResponse; fields: Readonly<Record<string, FieldValue>> },
  ): Interaction;
  /** Runs a command of a message's "Apps" menu. */
  messageMenu(input: OnMessage & { name: string }): Interaction;
  /** Types into an option that autocompletes; the response carries the choices. */
  autocomplete(input: PartialAct & { name: string; option: string; value: string }): Interaction;
  /** Sends any data, as if it had passed Discord's own checks. Discord's clients can't do this. */
  forge(
    input: PartialAct & {
      type: InteractionType;
      data: object;
      message?: Message;
      /** Fields that replace those of the payload; undefined removes a field. */
      payload?: Readonly<Record<string, unknown>>;
    },
  ): Interaction;
  /** Delivers the same interaction to the bot again, as Discord may. */
  redeliver(interaction: Interaction): void;
  /** The commands of every type that Discord's client offers in this place. */
  offered(input: PartialAct): APIApplicationCommand[];
}

export function createInteract(deps: InteractionDeps, defaults: { user: User; channel: Channel }): Interact {
  const { world, cdn, interactions, gateway } = deps;

  function actOf(input: PartialAct): Act {
    const act = { ...input, user: input.user ?? defaults.user, channel: input.channel ?? defaults.channel };
    if (!maySee(act.channel, permissionsIn(world, act.user.id, act.channel))) {
      throw new Error(`${act.user.username} doesn't see that channel`);
    }
    if (act.channel.type === ChannelType.GuildForum) throw new Error('a forum has posts, and no messages');
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
    check: (component: AnyComponent, act: Act) => object,
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
      ...check(component, act),
    };
    return begin(deps, act, InteractionType.MessageComponent, data, { source: message });
  }

  return {
    command(input) {
      const act = actOf(input);
      const command = findOffered(world, act, input.name, ApplicationCommandType.ChatInput);
      const filling = { world, cdn, act };
      const filled = fillOptions(command, input.options ?? {}, input.subcommand, filling);
      const data = filled.then(({ options, resolved }) => ({ ...calledCommand(command), options, resolved }));
      return begin(deps, act, InteractionType.ApplicationCommand, data, { command });
    },
    click(input) {
      return useComponent(input, ({ type }) => {
        if (type !== ComponentType.Button) throw new Error(`${input.customId} is not a button`);
        return {};
      });
    },
    select(input) {
      return useComponent(input, (component, act) => {
        checkSelection(component, input.values);
        checkIds(world, act, component, input.values);
        const isString = component.type === ComponentType.StringSelect;
        return {
          values: input.values,
          ...(!isString && { resolved: mergeResolved(input.values.map((id) => resolveId(world, act, id))) }),
        };
      });
    },
    submitModal({ modal: response, fields, ...input }) {
      const trigger = interactions.find(response.interactionId);
      if (!response.modal || !trigger) throw new Error('that response was no modal');
      const act = actOf({ user: trigger.user, channel: trigger.channel, ...input });
      const data = fillModal(response.modal, fields, { world, cdn, act });
      return begin(deps, act, InteractionType.ModalSubmit, data, { source: trigger.source, trigger });
    },
    messageMenu(input) {
      const { act, message } = onMessage(input);
      const command = findOffered(world, act, input.name, ApplicationCommandType.Message);
      const resolved = { messages: { [message.id]: present(message, cdn.sign) } };
      const data = { ...calledCommand(command), target_id: message.id, resolved };
      return begin(deps, act, InteractionType.ApplicationCommand, data, { command });
    },
    autocomplete(input) {
      const act = actOf(input);
      const command = findOffered(world, act, input.name, ApplicationCommandType.ChatInput);
      const option = command.options?.find(({ name }) => name === input.option);
      if (!option || !('autocomplete' in option) || !option.autocomplete) {
        throw new Error(`option ${input.option} doesn't autocomplete`);
      }
      const focused = { name: option.name, type: option.type, value: input.value, focused: true };
      const data = { ...calledCommand(command), options: [focused] };
      return begin(deps, act, InteractionType.ApplicationCommandAutocomplete, data, { command });
    },
    forge({ type, data, message, payload, ...input }) {
      return begin(deps, actOf(input), type, data, { source: message }, payload);
    },
    redeliver({ id }) {
      const record = interactions.find(id);
      if (!record) throw new Error(`there is no interaction ${id}`);
      void record.delivered.then(() => gateway.interact(record.payload));
    },
    offered: (input) => offeredCommands(world, actOf(input)),
  };
}

function calledCommand({ id, name, type, guild_id: guildId }: APIApplicationCommand) {
  return { id, name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}

function checkSelection(component: AnyComponent, values: readonly string[]): void {
  if (component.type === ComponentType.Button) throw new Error(`${component.custom_id} is not a select menu`);
  if (new Set(values).size < values.length) throw new Error('a value can be selected once only');
  const { min, max } = valueLimits(component);
  if (values.length < min || values.length > max) throw new Error(`${min} to ${max} values can be selected`);
  if (component.type !== ComponentType.StringSelect) return;
  const options = optionsOf(component);
  const stray = values.find((value) => !options.some((option) => option.value === value));
  if (stray !== undefined) throw new Error(`${component.custom_id} has no option ${stray}`);
}
