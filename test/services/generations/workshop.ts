import { rmSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { MockAgent } from 'undici';
import type { ReplyMessage } from '../../../src/services/discord/reply-message.ts';
import { Job } from '../../../src/services/generations/job.ts';
import { JobImages } from '../../../src/services/generations/job-images.ts';
import type { ServeDeps } from '../../../src/services/generations/serve.ts';
import type { ImageService, TaskReport } from '../../../src/services/image-service/service.ts';
import { createFetcher } from '../../../src/services/images/fetch.ts';
import { createFileStore } from '../../../src/services/images/file-store.ts';
import { createMemoryBudget } from '../../../src/services/images/memory-budget.ts';
import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import type { Task } from '../../../src/services/ledger/rows.ts';
import { filesBeside } from '../../../src/services/ledger/sqlite/files-beside.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import { createSchedule } from '../../../src/services/polling/index.ts';
import { createLedgerFile } from '../ledger/ledger-file.ts';
import { HELD } from '../rows.ts';

const SERVICE = 'https://service.example';
const NOW = 1_000;

type WorkshopDeps = ServeDeps & { readonly ledger: Ledger };

/** What the worker's parts work with, for requests whose images are made: a real ledger and folder, and no network. */
export interface Workshop {
  readonly deps: WorkshopDeps;
  /** The job's images, as the stages handle them. */
  images(job: Job): JobImages;
  /** What Discord was sent, and took. */
  readonly messages: readonly ReplyMessage[];
  /** A request whose images the service has made. It hands out each once, and no longer has it then. */
  made(images: readonly Uint8Array[], place?: { fileLimit?: number }): Promise<Job>;
  /** A request for one image: its downloads are answered like this, one after the other, the last for ever. */
  announced(...answers: readonly Answer[]): Promise<Job>;
  /** A request that nothing has been sent for. */
  reserved(count?: number): Promise<Job>;
  /** The same request, as the next process finds it. */
  again(job: Job): Promise<Job>;
  /** How often an image was asked for so far. */
  readonly downloads: number;
  /** Where the service says that the image is, from the next query on. */
  address: string | null;
  /** Moves the clock of the worker. */
  advance(ms: number): void;
  /** No image can be written or read from now on; the returned function mends it. */
  spoilDisk(): () => void;
  close(): Promise<void>;
}

/** What a download comes to: half an image that says so, and has said it would be whole. */
export interface Answer {
  readonly status?: number;
  readonly body?: Uint8Array | string;
  readonly announced?: number;
}

export function createWorkshop({ places = 8, taskDeadlineMs = 30 * 60_000 } = {}): Workshop {
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
  let downloads = 0;
  let address: string | null = null;
  let now = NOW;

  async function show(_: unknown, message: ReplyMessage) {
    messages.push(message);
    const attachmentIds = message.images.map(({ attachmentId }, index) => attachmentId ?? `shown-${index}`);
    return { id: 'message', channelId: '400', attachmentIds, notified: false };
  }

  function report(): TaskReport {
    if (address === null) return { status: 'running', progress: null, serviceStatus: 'processing' };
    return { status: 'completed', imageUrl: address, completedAt: null };
  }

  const deps = {
    ledger: file.ledger,
    files: createFileStore(folder, file.ledger.storedData.isUsed),
    fetcher,
    memory: createMemoryBudget(places),
    replies: { edit: show, deliver: show },
    render: ({ tasks }) => ({
      content: tasks.map(({ row }) => row.reason ?? row.state).join(', '),
      embeds: [],
      components: [],
    }),
    schedule: createSchedule({
      earlier: new Map(),
      durations: file.ledger.durations,
      pollMinMs: 1,
      pollMaxMs: 2,
      elapsed: () => now,
    }),
    observer: { noticed: () => undefined, settled: () => undefined },
    service: { queryImageTask: async () => report() } as Partial<ImageService> as ImageService,
    taskDeadlineMs,
    now: () => now,
    isOutlived: () => false,
  } satisfies Partial<WorkshopDeps> as unknown as WorkshopDeps;

  async function find(id: string): Promise<Job> {
    const stored = await file.ledger.generations.find(id);
    if (!stored) throw new Error('what was reserved is in the ledger');
    const patient = new AbortController().signal;
    const defer = async () => undefined;
    const log = pino({ level: 'silent' });
    const ledger = file.ledger.tasks;
    return new Job(stored, {
      ledger,
      log,
      stopping: patient,
      halt: patient,
      isCancelled: false,
      lease: HELD,
      defer,
    });
  }

  async function reserve(count: number, fileLimit?: number) {
    const id = await file.reserve({
      request: { count },
      references: [],
      ...(fileLimit && { attachmentSizeLimit: fileLimit }),
    });
    const reserved = await file.ledger.generations.find(id);
    return { id, tasks: reserved?.tasks ?? [] };
  }

  async function complete(task: Task, path: string): Promise<void> {
    const running = transitions.run(`service-${task.id}`, NOW).to(transitions.submit(NOW).to(task));
    await file.ledger.tasks.save(task.state, transitions.complete(`${SERVICE}${path}`, NOW).to(running));
  }

  return {
    deps,
    images: (job) => new JobImages(job, deps),
    messages,
    get downloads() {
      return downloads;
    },
    get address() {
      return address;
    },
    set address(url) {
      address = url;
    },
    advance(ms) {
      now += ms;
    },
    async reserved(count = 1) {
      return find((await reserve(count)).id);
    },
    async announced(...answers) {
      const { id, tasks } = await reserve(1);
      for (const task of tasks) {
        const path = `/${task.id}.png`;
        service
          .intercept({ path })
          .reply(() => {
            const {
              status = 200,
              body = '',
              announced,
            } = answers[Math.min(downloads, answers.length - 1)] ?? {};
            downloads += 1;
            const headers = announced === undefined ? {} : { 'content-length': String(announced) };
            return { statusCode: status, data: Buffer.from(body), responseOptions: { headers } };
          })
          .persist();
        await complete(task, path);
      }
      return find(id);
    },
    again: ({ generation }) => find(generation.id),
    async made(images, { fileLimit } = {}) {
      const { id, tasks } = await reserve(images.length, fileLimit);
      for (const [index, task] of tasks.entries()) {
        const path = `/${task.id}.png`;
        service.intercept({ path }).reply(200, Buffer.from(images[index] ?? []));
        service.intercept({ path }).reply(404, '').persist();
        await complete(task, path);
      }
      return find(id);
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
