import { cpus, totalmem } from 'node:os';
import { acknowledge } from './acknowledge.ts';
import type { Suite } from './figure.ts';
import { grow } from './grow.ts';
import { hold } from './hold.ts';
import { start } from './start.ts';
import { tableOf } from './table.ts';

const SUITES: readonly Suite[] = [acknowledge, hold, start, grow];

const USAGE = `npm run bench                                 everything, and one table
npm run bench -- NAME …                       only these: ${SUITES.map(({ name }) => name).join(', ')}`;

const names = process.argv.slice(2);
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
