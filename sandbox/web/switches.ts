import type { Interaction, RestFault } from '../discord/index.ts';
import type { Players } from '../start.ts';
import { misbehaveOnce } from '../terminal/misbehave.ts';
import type { Switch } from './protocol.ts';

/** The faults of Discord's answers; each turn of a switch adds one. */
const DISCORD_FAULTS: Record<'slow' | 'fail' | 'drop', RestFault> = {
  slow: { delayMs: 2000, times: 5 },
  fail: { status: 500 },
  drop: { drop: true },
};

/** Handles the switches of the side panel. */
export function createTurn({ discord, jimmyAi, bot }: Players): (turned: Switch) => Promise<void> {
  const interactions: Interaction[] = [];
  discord.onInteraction((interaction) => interactions.push(interaction));

  return async (turned) => {
    switch (turned.kind) {
      case 'jimmyai':
        return misbehaveOnce(turned.misbehaviour, jimmyAi);
      case 'discord':
        discord.faults.rest(DISCORD_FAULTS[turned.fault]);
        return;
      case 'expire-tokens':
        for (const interaction of interactions) discord.faults.expireToken(interaction);
        return;
      case 'drop-gateway':
        return discord.faults.dropGateway();
      case 'bot':
        if (turned.order !== 'start') await bot.stop(turned.order === 'kill' ? 'SIGKILL' : 'SIGTERM');
        if (turned.order !== 'kill') bot.start();
        return;
    }
  };
}
