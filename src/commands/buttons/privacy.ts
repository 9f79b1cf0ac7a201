import { MessageFlags } from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../../services/discord/limits.ts';
import { exportPersonalData } from '../../services/ledger/personal-data.ts';
import { buttonRows } from '../components.ts';
import type { Button } from '../handlers.ts';
import { fileLimitOf } from '../place.ts';

/**
 * Sends everything that is stored about the person who pressed, one file in each message. The button carries no id, so
 * it is always their own data.
 */
export const exportData: Button = {
  action: 'export',
  async run(interaction, _, { ledger, text }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const partBytes = Math.min(fileLimitOf(interaction), DEFAULT_FILE_LIMIT_BYTES);
    let number = 0;
    for await (const attachment of exportPersonalData(ledger, interaction.user.id, partBytes)) {
      number += 1;
      if (number === 1) {
        const files = [{ attachment, name: 'my-data.json.gz' }];
        await interaction.editReply({ content: text.exported, files });
      } else {
        const files = [{ attachment, name: `my-data-${number}.json.gz` }];
        await interaction.followUp({
          content: text.exportedPart(number),
          files,
          flags: MessageFlags.Ephemeral,
        });
      }
    }
  },
};

/** Asks before anything is deleted. */
export const forget: Button = {
  action: 'forget',
  async run(interaction, _, { text }) {
    await interaction.update({
      content: text.confirmForget,
      embeds: [],
      components: buttonRows([
        { action: 'forget-now', subject: null, label: text.button.forgetNow, style: 'danger' },
      ]),
    });
  },
};

/** Deletes the finished generations; those under way stay until they finish. */
export const forgetNow: Button = {
  action: 'forget-now',
  async run(interaction, _, { ledger, files, text, log }) {
    await interaction.deferUpdate();
    const forgotten = await ledger.storedData.forget(interaction.user.id);
    await files.removeAll(forgotten.files);
    log.info(
      { generations: forgotten.generations, files: forgotten.files.length },
      'a person had their data deleted',
    );
    await ledger.emptyLog();
    const { unfinished } = await ledger.storedData.summary(interaction.user.id);
    await interaction.editReply({
      content: text.forgot(forgotten.generations, unfinished),
      embeds: [],
      components: [],
    });
  },
};
