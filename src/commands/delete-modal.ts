import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { encodeCustomId } from './custom-id.ts';
import { pickInSight, pickOne } from './select.ts';
import type { Text } from './text/index.ts';

/** The choice of what to delete: only the message, or also the request with everything that is stored of it. */
export const DELETED = ['message', 'everything'] as const;

/** Asks before a reply is deleted, and tells what stays. Only the owner can delete the request as well. */
export function deleteModal(
  id: string,
  isOwn: boolean,
  { modal }: Text,
): APIModalInteractionResponseCallbackData {
  const labelOf = (each: (typeof DELETED)[number]) => modal.deleted[each];
  const what = isOwn
    ? pickInSight('what', modal.deleteWhat, DELETED, 'message', labelOf)
    : pickOne('what', modal.deleteWhat, DELETED.slice(0, 1), 'message', labelOf);
  const hint = isOwn ? modal.deleteHint : modal.deleteOthersHint;
  return {
    custom_id: encodeCustomId({ action: 'delete', subject: id }),
    title: modal.delete,
    components: [{ ...what, description: hint }],
  };
}
