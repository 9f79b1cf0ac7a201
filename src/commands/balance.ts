import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { ImageServiceError } from '../services/image-service/errors.ts';
import type { Logger } from '../services/log.ts';
import { renderBalance } from './balance.view.ts';
import { defineCommand } from './command.ts';
import { described } from './text/index.ts';

const DAY_MS = 24 * 60 * 60_000;
const PEOPLE_SHOWN = 10;

export const balance = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'balance',
    ...described((text) => text.command.balance),
    // In servers Discord hides the command from all but administrators. In direct messages the bot itself refuses.
    default_member_permissions: '0',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  },

  async run(interaction, _, { account, balanceWarning, ledger, owners, now, text, log }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const allowed = await owners.list();
    if (!allowed.includes(interaction.user.id)) {
      await interaction.editReply(text.balance.forOwners(allowed));
      return;
    }
    const [balances, spending, week] = await Promise.all([
      account.tellsBalance ? account.balances().catch((error) => whatIsTold(error, log)) : null,
      ledger.spending.since(now() - DAY_MS, PEOPLE_SHOWN),
      ledger.spending.totalSince(now() - 7 * DAY_MS),
    ]);
    const warnings = [...account.warnings()];
    await interaction.editReply(renderBalance({ balances, spending, week, balanceWarning, warnings }, text));
  },
});

/** Errors of the service are shown instead of the balance, since the bot still knows the spending. */
function whatIsTold(error: unknown, log: Logger): ImageServiceError {
  if (!(error instanceof ImageServiceError)) throw error;
  log.warn({ err: error }, 'the balance could not be asked for');
  return error;
}
