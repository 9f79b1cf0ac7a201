import { forgetSurplusDrafts } from '../images/draft-references.ts';
import type { FileStore } from '../images/file-store.ts';
import type { Draft } from '../ledger/drafts.ts';
import type { StoredGeneration } from '../ledger/generations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { asPrompt } from '../request/request.ts';
import { isTextTool } from '../request/tools.ts';
import type { Job } from './job.ts';

export interface WordsDeps {
  readonly ledger: Ledger;
  readonly files: FileStore;
}

/**
 * Stores the requests that the person can go on to from a tool's words: the typed prompt under the generation's id, and
 * the new one under its task's. So the reply can name them, and serving it once more stores nothing new. Rejects with
 * nothing: without them, the words can still be read.
 */
export async function keepDrafts(job: Job, { ledger, files }: WordsDeps): Promise<void> {
  const { id, userId, request } = job.generation;
  if (!isTextTool(request.tool)) return;
  try {
    const stored = await ledger.generations.find(id);
    if (!stored) return;
    // The rows name the files in which the references are kept by now.
    for (const [draftId, draft] of draftsOf({ ...stored, tasks: job.tasks.map(({ row }) => row) }))
      await ledger.drafts.keep(draftId, userId, draft);
    await forgetSurplusDrafts(userId, { ledger, files });
  } catch (err) {
    job.log.warn({ err }, 'nobody can go on from the words, as the drafts could not be stored');
  }
}

function draftsOf({ generation, tasks, references }: StoredGeneration): [id: string, draft: Draft][] {
  const { tool, ...request } = generation.request;
  if (!isTextTool(tool)) return [];
  const typed: Draft = {
    request: { ...request, count: tool.images.count },
    // A description replaces the image that it is about.
    references:
      tool.name === 'describe' ? [] : references.map(({ generationId: _, position: __, ...image }) => image),
    private: tool.images.private,
    adapted: generation.adapted,
    parentId: generation.parentId,
    parentUrl: generation.parentUrl,
  };
  const answered = tasks.flatMap(({ id, answer }): [string, Draft][] =>
    answer === null
      ? []
      : [[id, { ...typed, request: { ...typed.request, prompt: asPrompt(answer, request) } }]],
  );
  return tool.name === 'describe' ? answered : [[generation.id, typed], ...answered];
}
