import { readFileSync } from 'node:fs';

const DESCRIBE = readInstruction('describe.txt');
const ENHANCE = readInstruction('enhance.txt');

const WITH_REFERENCES =
  'Reference images go along with it: where it speaks of them, it goes on to, and nothing is said of what they show.';

/** The instruction for describing a picture. */
export function describeInstruction(language: string): string {
  return DESCRIBE.replace('{language}', language);
}

/** The instruction for rewriting a prompt. */
export function enhanceInstruction(references: number): string {
  return ENHANCE.replace('{references}\n', references > 0 ? `${WITH_REFERENCES}\n` : '');
}

function readInstruction(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').trim();
}
