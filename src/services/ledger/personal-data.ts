import { constants, createGzip } from 'node:zlib';
import type { Ledger } from './ledger.ts';

/** One step of reading and formatting blocks the event loop for about this long. */
const STEP_MS = 10;
const STEP_CHARACTERS = 64 * 1024;
const STEP_ROWS = 500;
/** The bytes that gzip and JSON add around the rows. */
const FRAME_BYTES = 1024;

type Sources = Pick<
  Ledger,
  'settings' | 'drafts' | 'serverRules' | 'charges' | 'storedData' | 'generations' | 'takeBreak'
>;

/**
 * Everything that is stored about a person, as compressed JSON documents of a limited size. All but the first contain
 * only further generations. Holds one document in memory at a time, and works in short steps.
 */
export async function* exportPersonalData(
  ledger: Sources,
  userId: string,
  partBytes: number,
): AsyncGenerator<Buffer> {
  const drafts = await ledger.drafts.of(userId);
  const charges = await ledger.charges.of(userId);
  const ruleChanges = await ledger.serverRules.changesBy(userId);
  const settings = await ledger.settings.of(userId);
  let part = await beginPart({ userId, settings, drafts }, { charges, ruleChanges });
  for await (const generations of stepsOf(ledger, userId)) {
    if (!part.isEmpty() && !part.hasRoomFor(generations, partBytes)) {
      yield await part.end();
      part = await beginPart({ userId });
    }
    await part.add(generations);
  }
  yield await part.end();
}

/** The person's generations as JSON, in steps. */
async function* stepsOf(
  { storedData, generations, takeBreak }: Sources,
  userId: string,
): AsyncGenerator<string> {
  let step: string[] = [];
  let characters = 0;
  let until = performance.now() + STEP_MS;
  for (const id of await storedData.idsOf(userId)) {
    const json = await generationAsJson(generations, id);
    if (json === null) continue;
    step.push(json);
    characters += json.length;
    if (characters < STEP_CHARACTERS && performance.now() < until) continue;
    yield step.join(',\n');
    await takeBreak();
    [step, characters, until] = [[], 0, performance.now() + STEP_MS];
  }
  if (step.length > 0) yield step.join(',\n');
}

async function generationAsJson(generations: Ledger['generations'], id: string): Promise<string | null> {
  const found = await generations.find(id);
  if (!found) return null;
  // The token is Discord's, not the person's, and opens the reply to whoever has it.
  const { token: _token, ...generation } = found.generation;
  return JSON.stringify({ ...generation, tasks: found.tasks, references: found.references }, null, 2);
}

/** Writes each list in steps of some rows, since it may be long. */
async function beginPart(head: object, lists: Readonly<Record<string, readonly object[]>> = {}) {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isEmpty = true;
  gzip.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
  });
  /** Flushed, so that the size is known. */
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      gzip.once('error', reject);
      gzip.write(text);
      gzip.flush(constants.Z_SYNC_FLUSH, () => {
        gzip.off('error', reject);
        resolve();
      });
    });
  await write(JSON.stringify(head, null, 2).slice(0, -2));
  for (const [name, rows] of Object.entries(lists)) {
    await write(`,\n"${name}": [`);
    for (let from = 0; from < rows.length; from += STEP_ROWS) {
      const step = JSON.stringify(rows.slice(from, from + STEP_ROWS), null, 2).slice(1, -2);
      await write(from === 0 ? step : `,${step}`);
    }
    await write(']');
  }
  await write(',\n"generations": [\n');
  return {
    isEmpty: () => isEmpty,
    /** Assumes that the text doesn't compress at all. */
    hasRoomFor: (text: string, limit: number) => bytes + Buffer.byteLength(text) + FRAME_BYTES <= limit,
    async add(text: string) {
      await write(isEmpty ? text : `,\n${text}`);
      isEmpty = false;
    },
    async end(): Promise<Buffer> {
      await new Promise<void>((resolve, reject) => {
        gzip.once('error', reject);
        gzip.once('end', resolve);
        gzip.end('\n]}\n');
      });
      return Buffer.concat(chunks);
    },
  };
}
