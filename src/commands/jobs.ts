import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { fileFor } from '../services/attachment.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../services/discord-limits.ts';
import type { FileStore } from '../services/files.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReplyFile } from '../services/replies.ts';
import { defineCommand } from './command.ts';
import { lostIn, renderJobs } from './jobs.view.ts';

/** As many as can be read at a glance, and fit an embed. */
const JOBS_SHOWN = 10;

export const jobs = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'jobs',
    description: 'Your running and recent images',
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  },

  async run(interaction, _, { ledger, files }) {
    const recent = await ledger.generations.recentOf(interaction.user.id, JOBS_SHOWN);
    const kept = lostIn(recent).filter(({ tasks }) => tasks.some(({ imageFile }) => imageFile !== null));
    if (kept.length === 0) {
      await interaction.reply({ ...renderJobs(recent), flags: MessageFlags.Ephemeral });
      return;
    }
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const limit = interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
    const images = await Promise.all(kept.map((stored) => keptImages(stored, files, limit)));
    await interaction.editReply({ ...renderJobs(recent), files: images.flat() });
  },
});

/** The images that are still here because they couldn't be delivered. */
async function keptImages(
  { generation, tasks }: StoredGeneration,
  files: FileStore,
  limit: number,
): Promise<ReplyFile[]> {
  const images: ReplyFile[] = [];
  for (const { imageFile } of tasks) {
    const bytes = imageFile === null ? null : await files.read(imageFile);
    if (bytes) images.push((await fileFor(generation.request, bytes, limit)).file);
  }
  return images;
}
