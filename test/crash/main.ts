import { parseArgs } from 'node:util';
import { median } from '../../bench/statistics.ts';
import { runCrashTest } from './run.ts';

const { values } = parseArgs({
  options: {
    blows: { type: 'string', default: '100' },
    processes: { type: 'string', default: '1' },
    'in-flight': { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
console.log(`seed ${values.seed}`);

const { verdict, ledger, exits, leaks, filesLeft, blows, takeovers, ...figures } = await runCrashTest({
  blows: Number(values.blows),
  processes: Number(values.processes),
  inFlight: Number(values['in-flight']),
  seed: Number(values.seed),
});
const { stuck, ...others } = verdict;
const broken: Record<string, readonly string[]> = {
  ...others,
  stuck: [
    ...stuck,
    ...Object.entries(ledger).flatMap(([what, count]) => (count > 0 ? `${count} ${what}` : [])),
  ],
  'files left': filesLeft,
  'ends by itself': exits,
  'secrets in the log': leaks,
};
for (const [name, count] of Object.entries(blows)) console.log(`${name} ${count}`);
for (const [name, count] of Object.entries(figures)) console.log(`${inWords(name)} ${count}`);
if (takeovers.length > 0) {
  const [usual, worst] = [median(takeovers), Math.max(...takeovers)].map((seconds) => seconds.toFixed(1));
  console.log(`${takeovers.length} takeovers, after ${usual} s (median), at worst ${worst} s`);
}
for (const [name, problems] of Object.entries(broken)) console.log(`${inWords(name)} ${problems.length}`);
for (const problem of Object.values(broken).flat()) console.error(problem);
process.exitCode = Object.values(broken).some(({ length }) => length > 0) ? 1 : 0;

/** `doubleMessages` → `double messages` */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
