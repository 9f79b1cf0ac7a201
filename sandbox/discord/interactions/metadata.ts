import { type APIMessageInteractionMetadata, InteractionType } from 'discord-api-types/v10';
import type { InteractionRecord } from './registry.ts';

/** What a message tells about the interaction it answers. */
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
