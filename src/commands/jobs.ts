import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { FILES_MAX, REQUEST_LIMIT_BYTES } from '../services/discord/limits.ts';
import type { ReplyFile } from '../services/discord/reply-message.ts';
import { fileFor } from '../services/images/reply-file.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { Generation } from '../services/ledger/rows.ts';
import { type CommandContext, defineCommand, EVERYWHERE } from './command.ts';
import { lostIn, renderJobs } from './jobs.view.ts';
import { fileLimitOf } from './place.ts';
import { described } from './text/index.ts';

/** Few enough to read at a glance, and to fit into an embed. */
const JOBS_SHOWN = 10;

export const jobs = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'jobs',
    ...described((text) => text.command.jobs),
    ...EVERYWHERE,
  },

  async run(interaction, _, { ledger, files, worker, text, log }) {
    const recent = await ledger.generations.recentOf(interaction.user.id, JOBS_SHOWN);
    const waiting = recent.filter(({ generation }) => isInLine(generation));
    const places = await worker.placesOf(waiting.map(({ generation }) => generation.id));
    const kept = lostIn(recent).filter(({ tasks }) => tasks.some(({ imageFile }) => imageFile !== null));
    if (kept.length === 0) {
      await interaction.reply({ ...renderJobs(recent, places, text), flags: MessageFlags.Ephemeral });
      return;
    }
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const images = await keptImages(kept, fileLimitOf(interaction), interaction.user.id, { files, log });
    await interaction.editReply({ ...renderJobs(recent, places, text), files: images });
  },
});

function isInLine({ startedAt, settledAt }: Generation): boolean {
  return startedAt === null && settledAt === null;
}

/** The images that are still here because they couldn't be delivered: as many as one request carries. */
async function keptImages(
  kept: readonly StoredGeneration[],
  limit: number,
  person: string,
  { files, log }: Pick<CommandContext, 'files' | 'log'>,
): Promise<ReplyFile[]> {
  const there = kept.flatMap(({ generation, tasks }) =>
    tasks.flatMap(({ imageFile }, index) =>
      imageFile === null ? [] : { request: generation.request, number: index + 1, imageFile },
    ),
  );
  const images: ReplyFile[] = [];
  let room = REQUEST_LIMIT_BYTES;
  for (const { request, number, imageFile } of there.slice(0, FILES_MAX)) {
    try {
      const bytes = await files.read(imageFile);
      if (!bytes) continue;
      const { file } = await fileFor(request, number, { bytes }, limit, person);
      if (file.attachment.length > room) continue;
      room -= file.attachment.length;
      images.push(file);
    } catch (err) {
      log.error({ err, file: imageFile }, 'a kept image cannot be shown; its button tries once more');
    }
  }
  return images;
}
