import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Discord } from '../sandbox/discord/index.ts';

/** Goes before the bot's entry point, so that `probe` can ask the process. */
export const WITH_PROBE = ['--import', fileURLToPath(new URL('./probe.js', import.meta.url))];

/** The memory that the system has given to a process, in MB. Measured from outside, so that it is complete. */
export function residentMb({ pid }: ChildProcess, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (!kilobytes) throw new Error(`the system doesn't say how much memory process ${pid} has`);
  return Number(kilobytes) / 1024;
}

/** Resets `VmHWM`, the peak of a process's memory. */
export function forgetHighest({ pid }: ChildProcess): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export interface Probed {
  /** 99 of 100 turns of the loop took at most this long, including the probe's own 10 ms. */
  readonly loopP99Ms: number;
}

/** The probe's measurements since the last call. */
export async function probe(child: ChildProcess): Promise<Probed> {
  const answer = once(child, 'message');
  child.send('');
  const [probed] = await answer;
  return probed as Probed;
}

/**
 * Starts a script of this folder that connects to Discord, in its own process, and waits until it reports that it is
 * done.
 */
export async function startClient(script: string, { apiUrl, token }: Discord): Promise<ChildProcess> {
  const client = spawn(process.execPath, [...WITH_PROBE, fileURLToPath(new URL(script, import.meta.url))], {
    env: { DISCORD_API_URL: apiUrl, DISCORD_TOKEN: token },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(client, 'message');
  return client;
}
