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

/** The prompts that a model had to rewrite, which is done, and charged, by the time of the answer. */
export function wordsSeen({ requests, toolCalls }: JimmyAi): SeenByService {
  return {
    sent: requests
      .filter(({ path }) => path.endsWith('/chat/completions'))
      .map((request) => ({ ...request, subject: promptIn(request.body) })),
    work: toolCalls
      .filter(({ tool }) => tool === 'chat')
      .map((call) => ({ ...madeAtOnce(call), subject: promptIn(call.request) })),
  };
}

/** The calls of tools that make a picture, likewise. */
export async function toolsSeen(
  { requests, toolCalls }: JimmyAi,
  subjectOf: (tool: ToolName, imageUrl: string) => Promise<string>,
): Promise<SeenByService> {
  const sent = requests.flatMap((request) => {
    const tool = PICTURE_TOOLS.find((each) => request.path.endsWith(`/images/${each}`));
    if (!tool) return [];
    return subjectOf(tool, sourceIn(request.body)).then((subject) => ({ ...request, subject }));
  });
  const work = toolCalls.flatMap((call) => {
    const name = PICTURE_TOOLS.find((each) => each === call.tool);
    if (!name) return [];
    return subjectOf(name, sourceIn(call.request)).then((subject) => ({ ...madeAtOnce(call), subject }));
  });
  return { sent: await Promise.all(sent), work: await Promise.all(work) };
}

function madeAtOnce({ id, at }: JimmyAi['toolCalls'][number]): Omit<Work, 'subject'> {
  return {
    id,
    status: 'completed',
    createdAt: at,
    endsAt: at,
    queries: 0,
    downloads: 0,
    misbehaviour: null,
  };
}

function promptIn(request: unknown): string {
  const { messages } = request as { messages: readonly { role: string; content: string }[] };
  return messages.findLast(({ role }) => role === 'user')?.content ?? '';
}

function sourceIn(request: unknown): string {
  return (request as { image_url: string }).image_url;
}
