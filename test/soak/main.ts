import { parseArgs } from 'node:util';
import { runSoak } from './run.ts';

/** More than this is a leak, in ten minutes of the same. */
const GROWTH_MAX = { factor: 1.15, mb: 10 };
const WAIT_MAX_FACTOR = 3;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    people: { type: 'string', default: '500' },
    servers: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const [people, servers, seed] = [values.people, values.servers, values.seed].map(Number) as [
  number,
  number,
  number,
];
console.log(`seed ${seed}: ${people} people on ${servers} servers for ${values.minutes} minutes`);

const report = await runSoak({
  seconds: Number(values.minutes) * 60,
  people,
  servers,
  tasks: 60,
  speed: 3,
  seed,
});
const { limits, waits, memory, verdict, escaped, ...counts } = report;
for (const [what, count] of Object.entries(counts)) console.log(`${what} ${count}`);

const broken = [
  ...Object.entries(limits).map(([what, { most, limit }]) =>
    say(`${what}: ${most} at most, ${limit} allowed`, most <= limit),
  ),
  say(
    `waits of equals: ${waits.median.toFixed(1)} s in the median of ${waits.count}, ${waits.longest.toFixed(1)} s the longest`,
    waits.count > 0 && waits.longest <= WAIT_MAX_FACTOR * waits.median,
  ),
  say(
    `memory: ${memory.early.toFixed(0)} MB early, ${memory.late.toFixed(0)} MB late`,
    memory.late <= memory.early * GROWTH_MAX.factor + GROWTH_MAX.mb,
  ),
  ...Object.entries(verdict).map(([what, cases]) => say(`${what} ${cases.length}`, cases.length === 0)),
  say(`escaped ${escaped.length}`, escaped.length === 0),
].filter((held) => !held);
for (const problem of [...Object.values(verdict).flat(), ...escaped]) console.error(problem);
process.exitCode = broken.length > 0 ? 1 : 0;

function say(line: string, held: boolean): boolean {
  console.log(`${held ? 'ok ' : 'NOT'} ${line}`);
  return held;
}
