import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the repository is. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** One instruction, its continued lines joined. */
interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** What the Dockerfile says, as far as it can be done without Docker. */
export interface Dockerfile {
  /** The base images, stage after stage. */
  readonly bases: readonly string[];
  /** What each `COPY` from the build context takes. */
  readonly copied: ReadonlySet<string>;
  readonly install: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly healthCheck: readonly string[];
  readonly command: readonly string[];
}

/** Reads deploy/Dockerfile. */
export function readDockerfile(): Dockerfile {
  const text = readFileSync(`${REPOSITORY}deploy/Dockerfile`, 'utf8');
  const instructions = parse(text);
  const all = (name: string) => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
  const only = (name: string, part = /.+/) => {
    const [found, ...more] = all(name).filter((rest) => part.test(rest));
    if (found === undefined || more.length > 0) throw new Error(`there is not one ${name} with ${part}`);
    return found;
  };
  const array = (rest: string) => JSON.parse(rest.slice(rest.indexOf('['))) as string[];
  return {
    bases: all('FROM').map((rest) => rest.split(' ')[0] ?? ''),
    copied: new Set(
      all('COPY')
        .filter((rest) => !rest.startsWith('--from'))
        .flatMap((rest) => rest.split(' ').slice(0, -1)),
    ),
    install: only('RUN', /npm ci/),
    env: Object.fromEntries(all('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=')))),
    user: only('USER'),
    healthCheck: array(only('HEALTHCHECK')),
    command: array(only('CMD')),
  };
}

function parse(text: string): Instruction[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
}
