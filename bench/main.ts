import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { acknowledge } from './acknowledge.ts';
import { cluster } from './cluster.ts';
import { deliver } from './deliver.ts';
import type { Suite } from './figure.ts';
import { grow } from './grow.ts';
import { hold } from './hold.ts';
import { schedule } from './schedule/index.ts';
import { replayTrace, TraceError } from './schedule/trace.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import { tableOf } from './table.ts';

const SUITES: readonly Suite[] = [schedule, acknowledge, deliver, hold, start, grow, size, cluster];

const USAGE = `npm run bench                                 everything, and one table
npm run bench -- NAME …                       only these: ${SUITES.map(({ name }) => name).join(', ')}
npm run bench -- schedule --trace FILE        what the schedule makes of a history: [{ "kind": "gpt-image-2/1k/high", "seconds": 143.2 }, …]`;

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { trace: { type: 'string' } },
});
if (values.trace !== undefined) {
  try {
    await replayTrace(values.trace);
    process.exit();
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}.\n\n${USAGE}`);
  process.exit(2);
}

const figures = [];
for (const suite of SUITES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.error(`${suite.name}: ${suite.about}`);
  figures.push(...(await suite.run()));
}
console.log(tableOf(figures));
console.log(`\n${machine()}`);

function machine(): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} cores, ${memory} GB of memory, Node.js ${process.version}`;
}
