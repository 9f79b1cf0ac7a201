import {
  type APIApplicationCommandInteractionDataOption,
  type APIMessageInteraction,
  type APIMessageInteractionMetadata,
  InteractionType,
  ApplicationCommandOptionType as OptionType,
} from 'discord-api-types/v10';
import type { InteractionRecord } from './registry.ts';

/** A message's metadata about the interaction that it answers. */
export function metadataOf(record: InteractionRecord): APIMessageInteractionMetadata {
  const base = {
    id: record.id,
    user: record.user,
    authorizing_integration_owners: record.payload.authorizing_integration_owners,
  };
  if (record.type === InteractionType.MessageComponent) {
    return { ...base, type: record.type, interacted_message_id: record.source?.id ?? record.id };
  }
  if (record.type === InteractionType.ModalSubmit && record.trigger) {
    const trigger = metadataOf(record.trigger);
    if (trigger.type !== InteractionType.ModalSubmit) {
      return { ...base, type: record.type, triggering_interaction_metadata: trigger };
    }
  }
  return { ...base, type: InteractionType.ApplicationCommand };
}

/**
 * docs: resources/message, message interaction object – deprecated but still sent, because nothing else names the
 * command.
 */
export function namedInteractionOf({
  id,
  user,
  payload,
}: InteractionRecord): APIMessageInteraction | undefined {
  if (payload.type !== InteractionType.ApplicationCommand) return undefined;
  const { data, type } = payload;
  const path = 'options' in data ? subcommandsOf(data.options ?? []) : [];
  return { id, type, name: [data.name, ...path].join(' '), user };
}

function subcommandsOf([first]: readonly APIApplicationCommandInteractionDataOption[]): string[] {
  const isNested = first?.type === OptionType.Subcommand || first?.type === OptionType.SubcommandGroup;
  return isNested ? [first.name, ...subcommandsOf(first.options ?? [])] : [];
}
