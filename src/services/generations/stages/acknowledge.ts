import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '../../concurrency/retry.ts';
import type { Placed } from '../../discord/replies.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { transitions } from '../../ledger/transitions.ts';
import { type EditTextDeps, editText } from '../edit-text.ts';
import type { Defer, Job } from '../job.ts';

export interface AcknowledgeDeps extends EditTextDeps {
  readonly ledger: Pick<Ledger, 'generations'>;
}

/** Discord accepts a first answer for 3 s (docs: receiving-and-responding); the rest is for it to show the reply. */
const DEFERRAL_SHOWN_WITHIN_MS = 3500;
const PROOF_PAUSES_MS = [1000, 2000, 5000, 10_000] as const;

/**
 * Makes sure that the reply exists, since nobody may pay for an image that can't be shown. If Discord's answer to the
 * deferral is unknown, an edit proves it. If there is no reply, the tasks are refused and nothing is sent to the service.
 */
export async function acknowledge(job: Job, deps: AcknowledgeDeps): Promise<void> {
  const { defer } = job;
  job.defer = null;
  if (job.generation.acknowledgedAt !== null) return;
  if (!(defer && (await isAccepted(defer, job)))) {
    const placed = (await proveByEdit(job, deps)) ?? (await proveLater(job, deps));
    if (!placed) return refuseAll(job, deps);
    await remember(placed, job, deps);
  }
  await job.note(
    { acknowledgedAt: deps.now() },
    deps.ledger.generations.acknowledge(job.generation.id),
    'after a restart an edit would prove that the reply is there',
  );
}

/**
 * Stores the message's id, by which the bot reaches it once the interaction's token is dead. A reply that Discord shows
 * to one person only is private from then on, wherever it is shown next.
 */
export async function remember(
  placed: Placed,
  job: Job,
  { ledger }: Pick<AcknowledgeDeps, 'ledger'>,
): Promise<void> {
  const { id, message, private: isPrivate } = job.generation;
  const { isEphemeral = false } = placed;
  if (message?.id === placed.id && (isPrivate || !isEphemeral)) return;
  await job.note(
    { message: { id: placed.id, channelId: placed.channelId }, private: isPrivate || isEphemeral },
    ledger.generations.setMessage(id, placed),
    'after a restart only the interaction’s token would reach the reply',
  );
}

async function isAccepted(defer: Defer, { log }: Job): Promise<boolean> {
  try {
    await defer();
    return true;
  } catch (err) {
    log.warn({ err }, 'Discord did not confirm the deferred reply');
    return false;
  }
}

function proveByEdit(job: Job, deps: EditTextDeps): Promise<Placed | null> {
  return retry(() => editText(job, 'working', deps), {
    pausesMs: PROOF_PAUSES_MS,
    worthwhile: (_, tries) => tries <= PROOF_PAUSES_MS.length,
    halt: job.stopping,
  });
}

/** A deferral that an earlier process sent may still be in flight: the reply can appear after an edit found none. */
async function proveLater(job: Job, deps: AcknowledgeDeps): Promise<Placed | null> {
  const left = job.generation.tokenAt + DEFERRAL_SHOWN_WITHIN_MS - deps.now();
  if (!job.resumed || left <= 0) return null;
  await delay(left, null, { signal: job.stopping });
  return proveByEdit(job, deps);
}

async function refuseAll(job: Job, { now }: AcknowledgeDeps): Promise<void> {
  for (const task of job.tasks.filter(({ row }) => row.state === 'reserved'))
    await job.apply(task, transitions.refuse({ reason: 'reply-gone' }, now()));
}
