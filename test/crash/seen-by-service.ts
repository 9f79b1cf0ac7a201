import type { JimmyAi } from '../../sandbox/jimmyai/index.ts';
import type { Sent, Work } from './judge.ts';
import { PICTURE_TOOLS, type ToolName } from './reply-text.ts';

/** The paid requests that the service got, and what it made of them. */
export interface SeenByService {
  readonly sent: readonly Sent[];
  readonly work: readonly Work[];
}

/** The creates and their tasks, by both APIs of the service. */
export function imagesSeen({ requests, tasks }: JimmyAi): SeenByService {
  const creates = requests.filter(
    ({ method, path }) => method === 'POST' && /\/images(\/generations|\/edits)?$/.test(path),
  );
  return {
    sent: creates.map((create) => ({ ...create, subject: (create.body as { prompt: string }).prompt })),
    work: tasks.map((task) => ({ ...task, subject: task.request.prompt })),
  };
}

/** The calls of tools, whose work is done, and charged, by the time of the answer. */
export async function toolsSeen(
  { requests, toolCalls }: JimmyAi,
  subjectOf: (tool: ToolName, imageUrl: string) => Promise<string>,
): Promise<SeenByService> {
  const sent = requests.flatMap((request) => {
    const tool = PICTURE_TOOLS.find((each) => request.path.endsWith(`/images/${each}`));
    if (!tool) return [];
    return subjectOf(tool, sourceIn(request.body)).then((subject) => ({ ...request, subject }));
  });
  const work = toolCalls.flatMap(({ id, tool, at, request }) => {
    const name = PICTURE_TOOLS.find((each) => each === tool);
    if (!name) return [];
    const made = { id, status: 'completed', createdAt: at, endsAt: at, queries: 0, downloads: 0 } as const;
    return subjectOf(name, sourceIn(request)).then((subject) => ({ ...made, misbehaviour: null, subject }));
  });
  return { sent: await Promise.all(sent), work: await Promise.all(work) };
}

function sourceIn(request: unknown): string {
  return (request as { image_url: string }).image_url;
}
