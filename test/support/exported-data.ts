import { gunzipSync } from 'node:zlib';
import type { Message } from '../../sandbox/discord/index.ts';

/** The content of the file in an answer to "Export as JSON". */
export async function exportedData({ attachments }: Message): Promise<unknown> {
  const file = await fetch(attachments[0]?.url ?? '');
  return JSON.parse(gunzipSync(await file.arrayBuffer()).toString());
}
