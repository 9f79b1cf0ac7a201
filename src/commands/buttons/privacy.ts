import { MessageFlags } from 'discord.js';
import type { Button } from '../button.ts';
import { buttonRow } from '../components.ts';
import { en } from '../text/en.ts';

/** Everything that is stored about the person who pressed, as a file. Their own: the button carries no id. */
export const exportData: Button = {
  action: 'export',
  async run(interaction, _, { ledger }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const ids = await ledger.storedData.idsOf(interaction.user.id);
    const stored = await Promise.all(ids.map((id) => ledger.generations.find(id)));
    const generations = stored.flatMap((found) => {
      if (!found) return [];
      // The token is Discord's, not the person's, and opens the reply to whoever has it.
      const { token: _token, ...generation } = found.generation;
      return [{ ...generation, tasks: found.tasks, references: found.references }];
    });
    const attachment = Buffer.from(JSON.stringify({ userId: interaction.user.id, generations }, null, 2));
    await interaction.editReply({ content: en.exported, files: [{ attachment, name: 'my-data.json' }] });
  },
};

/** Asks before anything is deleted. */
export const forget: Button = {
  action: 'forget',
  async run(interaction) {
    await interaction.update({
      content: en.confirmForget,
      embeds: [],
      components: buttonRow([
        { action: 'forget-now', subject: null, label: en.button.forgetNow, danger: true },
      ]),
    });
  },
};

/** Deletes what is finished; what is still being made stays until it is. */
export const forgetNow: Button = {
  action: 'forget-now',
  async run(interaction, _, { ledger, files, log }) {
    await interaction.deferUpdate();
    const forgotten = await ledger.storedData.forget(interaction.user.id);
    await files.removeAll(forgotten.files);
    log.info(
      { generations: forgotten.generations, files: forgotten.files.length },
      'a person had their data deleted',
    );
    const { unfinished } = await ledger.storedData.summary(interaction.user.id);
    await interaction.editReply({
      content: en.forgot(forgotten.generations, unfinished),
      embeds: [],
      components: [],
    });
  },
};
