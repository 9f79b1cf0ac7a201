import { FormData, request } from 'undici';

/** What the parent asks for: an image, and where it goes. */
export interface Errand {
  readonly imageUrl: string;
  readonly replyUrl: string;
}

/** What it answers at the end. */
export interface Delivery {
  /** In milliseconds since the epoch. Its parent sees when Discord accepts the upload, like the bot's. */
  readonly startedAt: number;
}

/** The least that a delivery can be: download, then upload, with nothing looked at and nothing remembered. */
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
