import { MessageFlags } from 'discord.js';
import { buttonRows } from '../components.ts';
import type { Button } from '../handlers.ts';

/** Everything that is stored about the person who pressed, as a file. Their own: the button carries no id. */
export const exportData: Button = {
  action: 'export',
  async run(interaction, _, { ledger, text }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const userId = interaction.user.id;
    const settings = await ledger.settings.of(userId);
    const drafts = await ledger.drafts.of(userId);
    const ruleChanges = await ledger.serverRules.changesBy(userId);
    const charges = await ledger.charges.of(userId);
    const ids = await ledger.storedData.idsOf(userId);
    const stored = await Promise.all(ids.map((id) => ledger.generations.find(id)));
    const generations = stored.flatMap((found) => {
      if (!found) return [];
      // The token is Discord's, not the person's, and opens the reply to whoever has it.
      const { token: _token, ...generation } = found.generation;
      return [{ ...generation, tasks: found.tasks, references: found.references }];
    });
    const data = { userId, settings, drafts, charges, generations, ruleChanges };
    const attachment = Buffer.from(JSON.stringify(data, null, 2));
    await interaction.editReply({ content: text.exported, files: [{ attachment, name: 'my-data.json' }] });
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

/** Deletes what is finished; what is still being made stays until it is. */
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
