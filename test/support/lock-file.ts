/** The parts of package-lock.json about the origin of packages and their scripts. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

export interface Manifest {
  /** Packages that may run scripts when they are installed. */
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

const REGISTRY = 'https://registry.npmjs.org/';

/** The problems of a lock file: packages from elsewhere, without an integrity, or with a script that isn't allowed. */
export function lockFileProblems({ packages }: LockFile, { allowScripts = {} }: Manifest): string[] {
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  const scripted = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  return [
    ...installed.flatMap(([path, { resolved, integrity }]) => [
      // Without `resolved`, npm uses its configured registry, and the integrity proves the package.
      ...(resolved === undefined || resolved.startsWith(REGISTRY) ? [] : [`${path} comes from ${resolved}`]),
      ...(integrity?.startsWith('sha512-') ? [] : [`${path} has no integrity`]),
    ]),
    ...scripted
      .filter((name) => !allowed.includes(name))
      .map((name) => `${name} runs a script when it is installed, which allowScripts does not know`),
    ...allowed
      .filter((name) => !scripted.includes(name))
      .map((name) => `allowScripts lets ${name} run a script, which it does not have`),
  ];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
