import { readFileSync } from 'node:fs';
import { REPOSITORY } from './dockerfile.ts';

/** One service of a Compose file. */
export interface ComposeService {
  readonly memoryMb: number;
  /** The place of each volume within the container. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly lines: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly backupCommand: readonly string[];
}

/** Reads deploy/compose.yaml as far as tests need it, by its indentation of two. */
export function readCompose(name = 'compose.yaml'): Compose {
  const text = readFileSync(`${REPOSITORY}deploy/${name}`, 'utf8').replaceAll(/^ *#.*\n/gm, '');
  const [, services = ''] = /^services:\n((?: .*\n|\n)+)/m.exec(text) ?? [];
  const backup = /^ {2}backup:\n((?: {4}.*\n)+)/m.exec(services)?.[1] ?? '';
  const command = /^ {4}command:\n((?: {6}- .*\n)+)/m.exec(backup)?.[1] ?? '';
  return {
    services: Object.fromEntries(
      [...services.matchAll(/^ {2}([\w-]+):\n((?: {4}.*\n)+)/gm)].map(([, name = '', lines = '']) => [
        name,
        {
          memoryMb: Number(/^ {4}mem_limit: (\d+)m$/m.exec(lines)?.[1]),
          volumes: Object.fromEntries(
            [...lines.matchAll(/^ {6}- (\w+):(\/\w+)$/gm)].map(([, volume = '', place = '']) => [
              volume,
              place,
            ]),
          ),
          lines,
        },
      ]),
    ),
    backupCommand: [...command.matchAll(/^ {6}- (.*)$/gm)].map(([, word = '']) => word),
  };
}
