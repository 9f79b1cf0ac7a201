import { GatewayDispatchEvents as Event, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { guildIdOf } from '../world/membership.ts';
import { presentToBot } from '../world/message-content.ts';
import { maySee, permissionsIn } from '../world/permissions.ts';
import type { Message, World } from '../world/world.ts';
import type { Session } from './session.ts';

type Tell = (guildId: string | undefined, intent: Intent, tell: (session: Session) => void) => void;

/** Sends events about messages that the bot can see to sessions with the intent for them. */
export function dispatchMessages(world: World, sign: (url: string) => string, tell: Tell): void {
  world.events.on('message', (message, change) => {
    const place = placeOf(world, message);
    if (!place) return;
    const event = change === 'created' ? Event.MessageCreate : Event.MessageUpdate;
    tell(place.guildId, place.intent, ({ intents, dispatch }) => {
      const mayReadAll = (intents & Intent.MessageContent) !== 0;
      dispatch(event, { ...presentToBot(world, message, sign, mayReadAll), ...place.guild });
    });
  });
  world.events.on('messageDelete', (message) => {
    const place = placeOf(world, message);
    const { id, channel_id } = message;
    if (!place) return;
    tell(place.guildId, place.intent, ({ dispatch }) =>
      dispatch(Event.MessageDelete, { id, channel_id, ...place.guild }),
    );
  });
}

/** Nothing is sent about ephemeral messages, or about channels that the bot may not see. */
function placeOf(world: World, message: Message) {
  const channel = world.channels.get(message.channel_id);
  if (!channel || message.visibleTo !== null) return undefined;
  if (!maySee(channel, permissionsIn(world, world.bot.id, channel))) return undefined;
  const guildId = guildIdOf(channel);
  return {
    guildId,
    intent: guildId === undefined ? Intent.DirectMessages : Intent.GuildMessages,
    guild: guildId === undefined ? {} : { guild_id: guildId },
  };
}
