import type { Discord } from '../sandbox/discord/index.ts';
import { imagineWith } from '../src/commands/imagine.ts';
import { createBreaks } from '../src/services/ledger/breaks.ts';
import { createGenerationLedger } from '../src/services/ledger/generations.ts';
import type { Reservation } from '../src/services/ledger/reserve.ts';
import { createSqliteDatabase } from '../src/services/ledger/sqlite/database.ts';
import { createGroupCommit } from '../src/services/ledger/sqlite/group-commit.ts';
import { openDatabase } from '../src/services/ledger/sqlite/open.ts';
import { createTaskLedger } from '../src/services/ledger/tasks.ts';
import { transitions } from '../src/services/ledger/transitions.ts';
import { createTurnLedger } from '../src/services/ledger/turns.ts';
import { MODEL_IDS } from '../src/services/request/models.ts';
import { UNLIMITED } from '../test/support/unlimited.ts';

const imagine = imagineWith(MODEL_IDS);

/** The ages are spread over this time, as if the tasks had come one after the other. */
const AGES_MS = 300_000;
const AT_ONCE = 50;

/**
 * Writes generations into a new ledger as an earlier process would have left them: each with a deferred reply at the
 * sandbox and a task that the service makes. Returns the ids of the tasks at the service.
 */
export async function leaveTasksInFlight(
  discord: Discord,
  databasePath: string,
  count: number,
): Promise<string[]> {
  await registerCommand(discord);
  const reservations: Reservation[] = [];
  while (reservations.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - reservations.length) }, () =>
      deferReply(discord),
    );
    reservations.push(...(await Promise.all(batch)));
  }
  return write(databasePath, reservations);
}

export async function registerCommand({ apiUrl, token, applicationId }: Discord): Promise<void> {
  await send(`${apiUrl}/v10/applications/${applicationId}/commands`, 'PUT', [imagine.payload], token);
}

/** Defers a reply for an interaction that the bot hasn't received, since it isn't connected yet. */
export async function deferReply(discord: Discord): Promise<Reservation> {
  const { apiUrl, applicationId, guild, interact } = discord;
  const { id, token, user, channel, message } = interact.command({
    name: 'imagine',
    options: { prompt: 'a fox that takes long' },
  });
  await send(`${apiUrl}/v10/interactions/${id}/${token}/callback`, 'POST', { type: 5 });
  return {
    interactionId: id,
    applicationId,
    token,
    userId: user.id,
    guildId: guild.id,
    channelId: channel.id,
    message: { id: message()?.id ?? '', channelId: channel.id },
    private: false,
    adapted: false,
    named: true,
    lasting: true,
    locale: 'en-US',
    attachmentSizeLimit: 10 * 1024 * 1024,
    request: {
      prompt: 'a fox that takes long',
      model: 'gpt-image-2',
      ratio: '1:1',
      resolution: '1k',
      quality: 'high',
      transparent: false,
      count: 1,
    },
    references: [],
    draftId: null,
    parentId: null,
    parentUrl: null,
    limits: UNLIMITED,
    cost: 1,
  };
}

async function write(databasePath: string, reservations: readonly Reservation[]): Promise<string[]> {
  const { db, close } = openDatabase(databasePath);
  // These rows needn't survive a power cut.
  db.exec('PRAGMA synchronous = OFF');
  const ledger = createSqliteDatabase(db, createGroupCommit(db).write);
  const owner = 'an earlier process';
  db.prepare('INSERT INTO processes (id, alive_until) VALUES (?, ?)').run(owner, Number.MAX_SAFE_INTEGER);
  const startedAt = Date.now();
  let now = startedAt;
  const generations = createGenerationLedger(ledger, () => now, createBreaks(), owner);
  const tasks = createTaskLedger(ledger, owner);
  const turns = createTurnLedger(ledger, () => now, owner);
  const ids: string[] = [];
  for (const [index, reservation] of reservations.entries()) {
    now = Math.round(startedAt - (AGES_MS * index) / reservations.length);
    const id = await generations.reserve(reservation);
    if (typeof id !== 'string') throw new Error('the generation could not be written');
    await generations.acknowledge(id);
    await turns.decide(() => [id]);
    const serviceTaskId = `left-${index}`;
    ids.push(serviceTaskId);
    for (const task of (await generations.find(id))?.tasks ?? []) {
      const submitting = transitions.submit(now).to(task);
      await tasks.save('reserved', submitting);
      await tasks.save('submitting', transitions.run(serviceTaskId, now).to(submitting));
    }
  }
  close();
  return ids;
}

async function send(url: string, method: string, body: unknown, token?: string): Promise<void> {
  const response = await fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bot ${token}` }) },
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
