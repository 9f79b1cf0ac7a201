import { setTimeout as delay } from 'node:timers/promises';
import { isAcknowledgedAlready } from '../discord/errors.ts';
import type { Placed } from '../discord/replies.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import { type Defer, type Job, stateOf } from './job.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** Discord takes a first answer for 3 s (docs: receiving-and-responding), and then its own moment to show it. */
const DEFERRAL_TAKEN_WITHIN_MS = 3500;
const PROOF_PAUSES_MS = [1000, 2000, 5000, 10_000] as const;

/**
 * Makes sure that there is a reply to show something in, since nobody shall pay for one that can't be shown. Where
 * Discord's answer to the deferral isn't known, an edit tells; where there is no reply, nothing is sent to the service.
 */
export async function acknowledge(job: Job, deps: RunnerDeps): Promise<void> {
  const { defer } = job;
  job.defer = null;
  if (job.generation.acknowledgedAt !== null) return;
  if (!(defer && (await isAccepted(defer, job)))) {
    const placed = (await proveByEdit(job, deps)) ?? (await proveLater(job, deps));
    if (!placed) return refuseAll(job, deps);
    await remember(placed, job, deps);
  }
  const { generation } = job;
  job.generation = { ...generation, acknowledgedAt: deps.now() };
  try {
    await deps.ledger.generations.acknowledge(generation.id);
  } catch (err) {
    job.log.error(
      { err },
      'the acknowledgement could not be written; after a restart an edit would prove it',
    );
  }
}

/** The message's id is what reaches it once the interaction's token is dead. */
export async function remember(placed: Placed, job: Job, { ledger }: RunnerDeps): Promise<void> {
  const { message, id } = job.generation;
  if (message?.id === placed.id) return;
  job.generation = { ...job.generation, message: placed };
  try {
    await ledger.generations.setMessage(id, placed);
  } catch (err) {
    job.log.error({ err }, 'the place of the reply could not be written');
  }
}

async function isAccepted(defer: Defer, { log }: Job): Promise<boolean> {
  try {
    await defer();
    return true;
  } catch (err) {
    if (isAcknowledgedAlready(err)) return true;
    log.warn({ err }, 'Discord did not confirm the deferred reply');
    return false;
  }
}

function proveByEdit(job: Job, { replies, render, now }: RunnerDeps): Promise<Placed | null> {
  const edit = () => replies.edit(job.generation, { ...render(stateOf(job), now()), images: [] }, job.log);
  return patiently(edit, {
    pausesMs: PROOF_PAUSES_MS,
    worthwhile: (_, tries) => tries <= PROOF_PAUSES_MS.length,
    halt: job.stopping,
  });
}

/** A deferral that an earlier process sent may still be on its way: a reply can appear after an edit found none. */
async function proveLater(job: Job, deps: RunnerDeps): Promise<Placed | null> {
  const left = job.generation.tokenAt + DEFERRAL_TAKEN_WITHIN_MS - deps.now();
  if (!job.resumed || left <= 0) return null;
  await delay(left, null, { signal: job.stopping });
  return proveByEdit(job, deps);
}

async function refuseAll(job: Job, deps: RunnerDeps): Promise<void> {
  for (const task of job.tasks.filter(({ row }) => row.state === 'reserved')) {
    await takeStep(task, steps.refuse({ reason: 'reply-gone' }, deps.now()), job, deps);
  }
}
