import type { APIMessage } from 'discord-api-types/v10';
import { isBotsDm } from './membership.ts';
import { present } from './messages.ts';
import type { Message, World } from './world.ts';

/** A message as the bot may read it: without people's content, unless the bot has the intent for it. */
export function presentToBot(
  world: World,
  message: Message,
  sign: (url: string) => string,
  mayReadAll = world.readsContent,
): APIMessage {
  const whole = present(message, sign);
  return mayReadAll || isOpenToBot(world, message) ? whole : withoutContent(whole);
}

/**
 * docs: events/gateway, message content intent – the exceptions. The last one, the message that a menu command is used
 * on, is handled with its interaction.
 */
function isOpenToBot({ bot, channels }: World, message: Message): boolean {
  const channel = channels.get(message.channel_id);
  return (
    (channel !== undefined && isBotsDm(channel)) ||
    message.author.id === bot.id ||
    message.mentions.some(({ id }) => id === bot.id)
  );
}

/** docs: resources/message, message structure; emptying forwards as well is the strict reading (unofficial). */
function withoutContent({ message_snapshots: snapshots, ...message }: APIMessage): APIMessage {
  return {
    ...message,
    ...NOTHING,
    ...(snapshots && {
      message_snapshots: snapshots.map((snapshot) => ({ message: { ...snapshot.message, ...NOTHING } })),
    }),
  };
}

const NOTHING = { content: '', embeds: [], attachments: [], components: [] };
