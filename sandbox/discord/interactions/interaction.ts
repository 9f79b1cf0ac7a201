import { setTimeout as delay } from 'node:timers/promises';
import { type InteractionType, MessageFlags } from 'discord-api-types/v10';
import type { Channel, Message, User, World } from '../world/world.ts';
import { FIRST_RESPONSE_MS, type FirstResponse, type InteractionRecord } from './registry.ts';

/** A person's action, and what they see of the answer. */
export interface Interaction {
  id: string;
  token: string;
  type: InteractionType;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  createdAt: number;
  user: User;
  channel: Channel;
  /** The first answer. Rejects when Discord would show "The application did not respond". */
  response(): Promise<FirstResponse>;
  /** The reply as it is now; `undefined` before there is one and after it was deleted. */
  message(): Message | undefined;
  /** Waits until the reply is more than "is thinking …". Rejects like `response`, and with an aborted signal. */
  answer(signal?: AbortSignal): Promise<Message>;
  /** Each version of the reply that the person has seen. */
  history: readonly { at: number; message: Message }[];
}

const LOOK_AGAIN_MS = 20;

export function createInteraction(world: World, record: InteractionRecord): Interaction {
  const current = () => (record.originalId === undefined ? undefined : world.messages.get(record.originalId));

  async function response(): Promise<FirstResponse> {
    while (!record.acknowledged) {
      if (world.clock.now() - record.createdAt > FIRST_RESPONSE_MS) {
        throw new Error('The application did not respond');
      }
      // The clock may be advanced at any time, so the deadline is polled instead of timed.
      await Promise.race([record.firstResponse.promise, delay(LOOK_AGAIN_MS, undefined, { ref: false })]);
    }
    return record.firstResponse.promise;
  }

  return {
    id: record.id,
    token: record.token,
    type: record.type,
    createdAt: record.createdAt,
    user: record.user,
    channel: record.channel,
    history: record.history,
    response,
    message: current,
    async answer(signal) {
      await response();
      for (;;) {
        signal?.throwIfAborted();
        const message = current();
        if (message && !((message.flags ?? 0) & MessageFlags.Loading)) return message;
        await delay(LOOK_AGAIN_MS, undefined, { ref: false, ...(signal && { signal }) });
      }
    },
  };
}
