import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dockerfile, REPOSITORY } from './dockerfile.ts';

/** The image's content and its volumes, laid out by hand. */
export interface Container {
  readonly app: string;
  readonly data: string;
  readonly backups: string;
  /** Runs a command as the container would; its process is the command's own, signals reach it. */
  run(command: readonly string[], env: Record<string, string>, options?: SpawnOptions): ChildProcess;
  remove(): void;
}

/**
 * Does by hand what the Dockerfile says, from an empty folder: the same files, the same `npm ci`. Commands run in a file
 * system of their own, read-only but for /data, /backups and a small /tmp, as the image's user, without a capability.
 */
export function layOut({ copied, install, user }: Dockerfile): Container {
  const folder = mkdtempSync(join(tmpdir(), 'imagine-image-'));
  const inFolder = (name: string) => join(folder, name);
  const [app, data, backups, root] = [
    inFolder('app'),
    inFolder('data'),
    inFolder('backups'),
    inFolder('root'),
  ];
  for (const name of copied) cpSync(join(REPOSITORY, name), join(app, name), { recursive: true });
  execFileSync('sh', ['-c', install], { cwd: app, stdio: 'inherit' });
  for (const empty of [data, backups, root]) mkdirSync(empty, { mode: 0o700 });
  const [uid, gid] = user.split(':').map(Number) as [number, number];
  for (const volume of [data, backups]) chownSync(volume, uid, gid);

  return {
    app,
    data,
    backups,
    run(command, env, options = {}) {
      const places = [root, app, data, backups, process.execPath, String(uid), String(gid)];
      return spawn('unshare', ['--mount', 'sh', '-euc', ENTER, 'enter', ...places, ...command], {
        env: { PATH: '/opt:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
        ...options,
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The machine's libraries and this Node.js stand in for the base image. The mounts go with the process. */
const ENTER = `
root=$1 app=$2 data=$3 backups=$4 node=$5 uid=$6 gid=$7
shift 7
mount -t tmpfs -o mode=0755 tmpfs "$root"
cd "$root"
mkdir app backups data dev etc opt proc tmp usr
for name in bin lib lib64 sbin; do
  if [ -e "/$name" ]; then ln -s "usr/$name" "$name"; fi
done
for name in usr etc; do
  mount --bind "/$name" "$name"
  mount -o remount,bind,ro "$name"
done
for name in dev proc; do mount --rbind "/$name" "$name"; done
mount --bind "$app" app
mount -o remount,bind,ro app
mount --bind "$data" data
mount --bind "$backups" backups
touch opt/node
mount --bind "$node" opt/node
mount -t tmpfs -o size=64m,mode=1777,noexec,nosuid,nodev tmpfs tmp
mount -o remount,ro "$root"
exec unshare --root="$root" --wd=/app setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs \
  --bounding-set=-all --inh-caps=-all -- "$@"
`;
