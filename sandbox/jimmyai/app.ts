import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Clock } from '../clock.ts';
import { createOpenAiRoutes } from '../openai/routes.ts';
import { CODE, errorAnswer } from './answers.ts';
import { type ApiDependencies, createApiRoutes } from './api-routes.ts';
import { createCatalogRoutes } from './catalog-routes.ts';
import { createFileRoutes } from './file-routes.ts';
import { createFileReader } from './files.ts';
import { type RecordedRequest, type RecordingEnv, recording } from './recording.ts';
import { createUploads } from './uploads.ts';

interface AppDependencies extends Omit<ApiDependencies, 'uploads' | 'readFile'> {
  clock: Clock;
  pixelScale: number;
  requests: RecordedRequest[];
  onRequest: (request: RecordedRequest) => void;
}

/** The service's whole HTTP surface. */
export function createApp(dependencies: AppDependencies) {
  const { clock, tasks, toolCalls, pixelScale, requests, onRequest, onTask } = dependencies;
  const uploads = createUploads({ clock });
  const readFile = createFileReader({ clock, tasks, uploads, toolCalls, pixelScale });

  return new Hono<RecordingEnv>()
    .use(recording(requests, { clock, onRequest }))
    .use(async (context, next) => {
      // Many edges in front of such services treat a client without a name as a scraper.
      if (context.req.header('user-agent')) return await next();
      return context.html('<h1>403 Forbidden</h1>', 403);
    })
    .route('/api/open-api/v1', createApiRoutes({ ...dependencies, uploads, readFile }))
    .route('/v1', createOpenAiRoutes({ ...dependencies, uploads, readFile }))
    .route('/api/openapi', createCatalogRoutes(dependencies.prices))
    .route('/files', createFileRoutes({ tasks, readFile, onTask }))
    .notFound((context) => context.json(errorAnswer('404', 'not found'), 404))
    .onError((error, context) => {
      // A killed bot breaks off its requests.
      if (context.env.incoming.socket.destroyed) return RESPONSE_ALREADY_SENT;
      console.error(error);
      return context.json(errorAnswer(CODE.serverError, 'server error'), 500);
    });
}
