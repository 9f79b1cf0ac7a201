import { Hono } from 'hono';
import { okAnswer } from './answers.ts';
import { catalogData, type Prices } from './prices.ts';
import type { RecordingEnv } from './recording.ts';

/** Everything under /api/openapi, which is public and needs no key. */
export function createCatalogRoutes(prices: Prices) {
  return new Hono<RecordingEnv>().get('/model/catalog', (context) => {
    if (!prices.hasCatalog) return context.notFound();
    return context.json(
      okAnswer(catalogData(prices, context.req.query('search') ?? ''), { kind: 'number-code' }),
    );
  });
}
