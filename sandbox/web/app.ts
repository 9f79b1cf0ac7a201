import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { PersonFile } from '../discord/index.ts';
import type { Players } from '../start.ts';
import { createPerform } from './acts.ts';
import type { Feed } from './feed.ts';
import { createFiles } from './files.ts';
import { guard } from './guard.ts';
import { resolvePlace } from './places.ts';
import { actSchema, type PageEvent, placeSchema, switchSchema } from './protocol.ts';
import { createTurn } from './switches.ts';

/** Serves the page and its events, and receives people's acts. */
export function createApp({ sandbox, feed, port }: { sandbox: Players; feed: Feed; port: number }) {
  const { discord } = sandbox;
  const perform = createPerform(discord);
  const turn = createTurn(sandbox);
  const { routes, inlineScript } = createFiles();

  return new Hono()
    .use(guard({ port, inlineScript, imagesFrom: new URL(discord.apiUrl).origin }))
    .get('/events', (context) => streamSSE(context, (stream) => tellAll(stream, feed)))
    .get('/commands', ({ req, json }) =>
      json(discord.interact.offered(resolvePlace(discord, placeSchema.parse(req.query())))),
    )
    .post('/acts', async ({ req, json }) => {
      const form = await req.formData();
      return json(await perform(actSchema.parse(JSON.parse(String(form.get('act')))), await filesOf(form)));
    })
    .post('/switches', async ({ req, json }) => {
      await turn(switchSchema.parse(await req.json()));
      return json({});
    })
    .route('/', routes)
    .onError((error, { text }) => text(error.message, 400));
}

async function tellAll(stream: SSEStreamingApi, feed: Feed): Promise<void> {
  const tell = (event: PageEvent) => stream.writeSSE({ data: JSON.stringify(event) });
  const left = new Promise<void>((resolve) => stream.onAbort(resolve));
  const stop = feed.follow((event) => void tell(event));
  await tell({ kind: 'snapshot', snapshot: feed.snapshot() });
  await left;
  stop();
}

async function filesOf(form: FormData): Promise<ReadonlyMap<string, PersonFile>> {
  const files = [...form].flatMap(([field, value]) =>
    value instanceof File ? [[field, value] as const] : [],
  );
  return new Map(
    await Promise.all(
      files.map(async ([field, file]) => {
        return [field, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }] as const;
      }),
    ),
  );
}
