import type { JobState, Lease } from '../../src/services/generations/job.ts';
import type { Generation, Task } from '../../src/services/ledger/rows.ts';
import type { ImageRequest } from '../../src/services/request/request.ts';

export const NOW = 1_700_000_000_000;

/** The lease of a process that nobody takes anything from. */
export const HELD: Lease = { isLost: false, require: () => undefined, lose: () => undefined };

type GenerationChanges = Partial<Omit<Generation, 'request'>> & { request?: Partial<ImageRequest> };
type LiveTask = JobState['tasks'][number];

/** A generation's row: an open request in a server, ten seconds old. */
export function generationRow({ request, ...columns }: GenerationChanges = {}): Generation {
  return {
    id: '0190b6a0-0000-7000-8000-012389abcdef',
    parentId: null,
    parentUrl: null,
    interactionId: '1',
    applicationId: '2',
    token: 'token',
    tokenAt: NOW - 10_000,
    userId: '3',
    guildId: '4',
    channelId: '5',
    message: null,
    private: false,
    adapted: false,
    named: true,
    lasting: true,
    locale: 'en-US',
    attachmentSizeLimit: 1,
    createdAt: NOW - 10_000,
    acknowledgedAt: NOW,
    runningLimits: { person: null, member: null, server: null },
    startedAt: NOW,
    cancelRequestedAt: null,
    notifiedAt: null,
    settledAt: null,
    starredAt: null,
    ...columns,
    request: {
      prompt: 'a *fox*',
      model: 'gpt-image-2',
      ratio: '16:9',
      resolution: '4k',
      quality: 'high',
      transparent: false,
      count: 1,
      ...request,
    },
  };
}

/** A task's row: running, without a word from the service yet. */
export function taskRow(columns: Partial<Task> = {}): Task {
  return {
    id: 't',
    generationId: generationRow().id,
    state: 'running',
    serviceTaskId: 's',
    imageUrl: null,
    imageFile: null,
    thumbnailFile: null,
    attachmentId: null,
    reason: null,
    serviceWords: null,
    submittedAt: null,
    watchedSince: columns.submittedAt ?? null,
    endedAt: null,
    busyUntil: null,
    cost: null,
    answer: null,
    ...columns,
  };
}

/** A task that has brought an image. */
export function imageRow(columns: Partial<Task> = {}): Task {
  return taskRow({ state: 'delivered', imageUrl: 'https://x.example/1.png', endedAt: NOW, ...columns });
}

export function liveTask(row: Partial<Task> = {}, live: Partial<Omit<LiveTask, 'row'>> = {}): LiveTask {
  return {
    row: taskRow(row),
    progress: null,
    readyAt: null,
    said: null,
    estimate: 0,
    change: null,
    trouble: null,
    ...live,
  };
}

/** What a view gets to see of a generation with these tasks. */
export function jobState(
  tasks: readonly LiveTask[],
  { request, ...state }: Partial<Omit<JobState, 'tasks'>> & { request?: Partial<ImageRequest> } = {},
): JobState {
  return {
    generation: generationRow({ request: { count: tasks.length, ...request } }),
    references: 0,
    cancelling: false,
    place: null,
    stage: 'working',
    ...state,
    tasks,
  };
}
