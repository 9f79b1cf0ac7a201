import { FormData, request } from 'undici';

/** The parent's message: the image, and its destination. */
export interface Errand {
  readonly imageUrl: string;
  readonly replyUrl: string;
}

/** The answer at the end. */
export interface Delivery {
  /** Milliseconds since the epoch. The parent sees when Discord accepts the upload, as with the bot's. */
  readonly startedAt: number;
}

/** The minimal delivery: a download, then an upload, without checking or storing anything. */
process.on('message', async ({ imageUrl, replyUrl }: Errand) => {
  const startedAt = performance.timeOrigin + performance.now();
  const image = await request(imageUrl);
  const bytes = await image.body.arrayBuffer();
  const form = new FormData();
  form.append('files[0]', new Blob([bytes], { type: 'image/png' }), 'a-fox.png');
  form.append('payload_json', JSON.stringify({ content: '', attachments: [{ id: '0' }] }));
  const answer = await request(replyUrl, { method: 'PATCH', body: form });
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`the upload was answered with ${answer.statusCode}`);
  process.send?.({ startedAt } satisfies Delivery);
});
