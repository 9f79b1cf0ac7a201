import { parseArgs } from 'node:util';
import { runSoak, type SoakReport } from './run.ts';

/** More growth than this in ten minutes of the same load is a leak. */
const GROWTH_MAX = { factor: 1.15, mb: 10 };
const WAIT_MAX_FACTOR = 3;
/** The most that attackers may slow down the others, compared with the same crowd without them. */
const ATTACKED_MAX_FACTOR = 1.5;
/** Discord bans an address after 10,000 in 10 minutes. */
const INVALID_ANSWERS_MAX = 2000;
const DISK_MAX_MB = 500;
/** The memory that all decoders share (src/services/images/decoding.ts), and some more around a decode. */
const DECODING_MAX_MB = 512 + 150;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    people: { type: 'string', default: '500' },
    servers: { type: 'string', default: '20' },
    attackers: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const [minutes, people, servers, attackers, seed] = [
  values.minutes,
  values.people,
  values.servers,
  values.attackers,
  values.seed,
].map(Number) as [number, number, number, number, number];

const crowd = { seconds: minutes * 60, people: people - attackers, servers, tasks: 60, speed: 3, seed };
const peace = await soak(0);
const held =
  attackers === 0
    ? heldInPeace(peace)
    : [...heldAlways(peace), ...heldUnderAttack(peace, await soak(attackers))];
process.exitCode = held.every(Boolean) ? 0 : 1;

async function soak(attackers: number): Promise<SoakReport> {
  const among = attackers > 0 ? `, ${attackers} attackers among them` : '';
  console.log(
    `seed ${seed}: ${crowd.people + attackers} people on ${servers} servers for ${minutes} minutes${among}`,
  );
  const report = await runSoak({ ...crowd, attackers });
  const { requests, images, refused, unanswered, deferrals, taken, attempts } = report;
  console.log(`${requests} requests, ${images} images, ${refused} refused, ${unanswered} unanswered`);
  console.log(`deferral p99 ${deferrals.p99.toFixed(0)} ms of ${deferrals.count}`);
  for (const [what, most] of Object.entries(taken)) console.log(`${what} ${most.toFixed(0)} at most`);
  for (const [attack, count] of Object.entries(attempts)) console.log(`${count} × ${attack}`);
  return report;
}

function heldInPeace(report: SoakReport): boolean[] {
  const { waits, memory } = report;
  return [
    ...heldAlways(report),
    say(
      `waits of equals: ${waits.median.toFixed(1)} s in the median of ${waits.count}, ${waits.longest.toFixed(1)} s the longest`,
      waits.count > 0 && waits.longest <= WAIT_MAX_FACTOR * waits.median,
    ),
    say(
      `memory: ${memory.early.toFixed(0)} MB early, ${memory.late.toFixed(0)} MB late`,
      memory.late <= memory.early * GROWTH_MAX.factor + GROWTH_MAX.mb,
    ),
  ];
}

function heldAlways({ limits, verdict, escaped }: SoakReport): boolean[] {
  for (const problem of [...Object.values(verdict).flat(), ...escaped]) console.error(problem);
  return [
    ...Object.entries(limits).map(([what, { most, limit }]) =>
      say(`${what}: ${most} at most, ${limit} allowed`, most <= limit),
    ),
    ...Object.entries(verdict).map(([what, cases]) => say(`${what} ${cases.length}`, cases.length === 0)),
    say(`escaped ${escaped.length}`, escaped.length === 0),
  ];
}

function heldUnderAttack(peace: SoakReport, attacked: SoakReport): boolean[] {
  const { taken } = attacked;
  return [
    ...heldAlways(attacked),
    compared('deferral p99, ms', peace.deferrals.p99, attacked.deferrals.p99),
    compared('longest wait, s', peace.waits.longest, attacked.waits.longest),
    say(`unanswered ${attacked.unanswered}`, attacked.unanswered <= peace.unanswered),
    say(
      `memory: ${peace.taken.memory.toFixed(0)} MB without attackers, ${taken.memory.toFixed(0)} MB with them`,
      taken.memory <= peace.taken.memory + DECODING_MAX_MB,
    ),
    say(`disk ${taken.disk.toFixed(0)} MB`, taken.disk <= DISK_MAX_MB),
    say(`invalid answers ${taken.invalidAnswers}`, taken.invalidAnswers <= INVALID_ANSWERS_MAX),
  ];
}

function compared(what: string, peace: number, attacked: number): boolean {
  const ratio = attacked / peace;
  return say(
    `${what}: ${peace.toFixed(1)} without attackers, ${attacked.toFixed(1)} with them, ratio ${ratio.toFixed(2)}`,
    ratio <= ATTACKED_MAX_FACTOR,
  );
}

function say(line: string, held: boolean): boolean {
  console.log(`${held ? 'ok ' : 'NOT'} ${line}`);
  return held;
}
