/** What of package-lock.json says where packages come from and what they may do. */
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

/** What is wrong with a lock file: a package from elsewhere, or unproven, or with a script that nobody has agreed to. */
export function lockFileProblems({ packages }: LockFile, { allowScripts = {} }: Manifest): string[] {
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  const scripted = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  return [
    ...installed.flatMap(([path, { resolved, integrity }]) => [
      // Left out, it is whatever registry npm is set up with: the integrity is what counts.
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
