import { rmSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { MockAgent } from 'undici';
import { createFileStore, filesBeside } from '../../../src/services/files.ts';
import { createFetcher } from '../../../src/services/images/fetch.ts';
import { steps } from '../../../src/services/ledger/steps.ts';
import type { ReplyMessage } from '../../../src/services/reply-message.ts';
import type { RunnerDeps } from '../../../src/services/runner/deps.ts';
import { Job } from '../../../src/services/runner/job.ts';
import { createRoom } from '../../../src/services/runner/room.ts';
import { createLedgerFile } from '../ledger/ledger-file.ts';

const SERVICE = 'https://service.example';
const NOW = 1_000;

/** What the runner's parts work with, for requests whose images are made: a real ledger and folder, and no network. */
export interface Workshop {
  readonly deps: RunnerDeps;
  /** What Discord was sent, and took. */
  readonly messages: readonly ReplyMessage[];
  /** A request whose images the service has made. It hands out each once, and no longer has it then. */
  made(images: readonly Uint8Array[], place?: { fileLimit?: number }): Promise<Job>;
  /** No image can be written or read from now on; the function returned mends it. */
  spoilDisk(): () => void;
  close(): Promise<void>;
}

export function createWorkshop({ places = 8 } = {}): Workshop {
  const file = createLedgerFile();
  const folder = filesBeside(file.path);
  const wire = new MockAgent();
  wire.disableNetConnect();
  const service = wire.get(SERVICE);
  const fetcher = createFetcher({
    discordApiUrl: 'https://discord.com/api',
    serviceBaseUrl: SERVICE,
    dispatcher: wire,
  });
  const messages: ReplyMessage[] = [];

  async function show(_: unknown, message: ReplyMessage) {
    messages.push(message);
    const attachmentIds = message.images.map(({ attachmentId }, index) => attachmentId ?? `shown-${index}`);
    return { id: 'message', channelId: '400', attachmentIds, notified: false };
  }

  const deps = {
    ledger: file.ledger,
    files: createFileStore(folder),
    fetcher,
    room: createRoom(places),
    replies: { edit: show, deliver: show, attachments: async () => null },
    render: ({ tasks }) => ({
      content: tasks.map(({ row }) => row.reason ?? row.state).join(', '),
      embeds: [],
      components: [],
    }),
    now: () => NOW,
  } satisfies Partial<RunnerDeps> as unknown as RunnerDeps;

  return {
    deps,
    messages,
    async made(images, { fileLimit } = {}) {
      const id = await file.reserve({
        request: { count: images.length },
        references: [],
        ...(fileLimit && { attachmentSizeLimit: fileLimit }),
      });
      const reserved = await file.ledger.generations.find(id);
      for (const [index, task] of reserved?.tasks.entries() ?? []) {
        const path = `/${task.id}.png`;
        service.intercept({ path }).reply(200, Buffer.from(images[index] ?? []));
        service.intercept({ path }).reply(404, '').persist();
        const running = steps.run(`service-${task.id}`, NOW).to(steps.submit(NOW).to(task));
        await file.ledger.tasks.save(task.state, steps.complete(`${SERVICE}${path}`, NOW).to(running));
      }
      const stored = await file.ledger.generations.find(id);
      if (!stored) throw new Error('what was reserved is in the ledger');
      const patient = new AbortController().signal;
      const defer = async () => undefined;
      const log = pino({ level: 'silent' });
      return new Job(stored, { log, stopping: patient, halt: patient, isCancelled: false, defer });
    },
    spoilDisk() {
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, 'not a folder');
      return () => rmSync(folder);
    },
    async close() {
      await wire.close();
      file.remove();
    },
  };
}
