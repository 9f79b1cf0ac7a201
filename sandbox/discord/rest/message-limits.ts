import { tooManyOldEdits } from '../errors.ts';
import { createdAt } from '../world/snowflakes.ts';
import type { Message, World } from '../world/world.ts';

/** docs: resources/message, create message – `enforce_nonce` covers "the past few minutes". */
const NONCE_MEMORY_MS = 5 * 60 * 1000;

export interface Nonces {
  /** Sends only once under a key while it is remembered; later calls get the same message. */
  once(key: string, send: () => Promise<Message>): Promise<Message>;
}

export function createNonces(world: World): Nonces {
  const sent = new Map<string, { at: number; message: Promise<Message> }>();
  return {
    once(key, send) {
      const now = world.clock.now();
      const known = sent.get(key);
      if (known && now - known.at < NONCE_MEMORY_MS) return known.message;
      const message = send();
      sent.set(key, { at: now, message });
      return message;
    },
  };
}

// (unofficial) Discord gives no figure for 30046. Bots that edit old messages have measured about three edits in 20 s
// per channel.
const OLD_MESSAGE_MS = 60 * 60 * 1000;
const OLD_EDITS = { count: 3, perMs: 20_000 };

export function createOldEditLimit(world: World) {
  const edits = new Map<string, number[]>();
  return {
    /** @throws {DiscordError} 30046 when an old message was edited too often. */
    count(message: Message): void {
      const now = world.clock.now();
      if (now - createdAt(message.id) <= OLD_MESSAGE_MS) return;
      const recent = (edits.get(message.channel_id) ?? []).filter((at) => now - at < OLD_EDITS.perMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= OLD_EDITS.count) {
        throw tooManyOldEdits((oldest + OLD_EDITS.perMs - now) / 1000);
      }
      edits.set(message.channel_id, [...recent, now]);
    },
  };
}
