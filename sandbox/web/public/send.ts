import type { Act, ActAnswer } from '../protocol.ts';

/** Sends a person's act with its files, and waits for the bot's first answer. */
export async function sendAct(act: Act, files: ReadonlyMap<string, File> = new Map()): Promise<ActAnswer> {
  const form = new FormData();
  form.set('act', JSON.stringify(act));
  for (const [field, file] of files) form.set(field, file, file.name);
  try {
    return (await (await post('/acts', form)).json()) as ActAnswer;
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws {Error} with the sandbox's words when it refuses. */
export async function post(path: string, body: BodyInit): Promise<Response> {
  const answer = await fetch(path, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}
