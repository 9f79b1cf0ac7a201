import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { answerWithFault } from './faults.ts';
import { lateStatus, taskIdOf } from './files.ts';
import { faultAt } from './misbehaviour.ts';
import { packedAnswer } from './packed-answer.ts';
import type { RecordingEnv } from './recording.ts';
import type { ReadFile, ServedFile } from './served-file.ts';
import type { Task, Tasks } from './tasks.ts';

interface FileDependencies {
  tasks: Tasks;
  readFile: ReadFile;
  onTask: (task: Task) => void;
}

/** Results and uploads, open to everybody who has the URL, as at the service. */
export function createFileRoutes({ tasks, readFile, onTask }: FileDependencies) {
  const files = new Hono<RecordingEnv>();

  files.get('/*', async (context) => {
    const task = tasks.download(taskIdOf(context.req.path));
    if (task) onTask(task);
    const fault = task && faultAt('download', task.misbehaviour, task.downloads);
    if (fault && fault.kind !== 'dropped') return answerWithFault(context, fault);
    const late = task && lateStatus(task);
    if (late) return new Response('not there yet', { status: late });

    const file = await readFile(context.req.path);
    if (!file) return context.notFound();
    if (fault) return cutHalfway(context.env.outgoing, file);
    if (task?.misbehaviour?.kind === 'packed')
      return packedAnswer(file.bytes, file.mime, task.misbehaviour.as);
    return context.body(file.bytes, 200, { 'content-type': file.mime });
  });

  return files;
}

function cutHalfway(outgoing: ServerResponse, { bytes, mime }: ServedFile): Response {
  outgoing.writeHead(200, { 'content-type': mime, 'content-length': bytes.length });
  outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}
