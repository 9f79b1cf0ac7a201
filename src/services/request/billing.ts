import { billingNames, modelOf } from './models.ts';
import type { ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';

/** What the price of one image goes by, besides its references. */
export type Priced = Pick<ImageRequest, 'model' | 'resolution' | 'quality'>;

/** Prices by the names under which the service bills, in its coins. */
export type Catalog = ReadonlyMap<string, number>;

/** A name for all requests that cost the same: `gpt-image-2/4k/high`, and `+2` where two references are billed, too. */
export function kindOf(request: Priced, references: number): string {
  const billed = billedReferences(request, references);
  return `${exactName(request)}${billed > 0 ? `+${billed}` : ''}`;
}

/** By model, resolution and, where the model takes one, quality. */
export function exactName(request: Priced): string {
  return [request.model, request.resolution, qualityToSend(request)].filter(Boolean).join('/');
}

/** What one image of the request costs by the catalog; null where that has no price for it. */
export function priceIn(catalog: Catalog, request: Priced, references: number): number | null {
  const image = firstOf(billingNames({ ...request, quality: qualityToSend(request) }), catalog);
  const billed = billedReferences(request, references);
  const each = billed > 0 ? catalog.get(modelOf(request.model).billing.references?.name ?? '') : 0;
  return image === undefined || each === undefined ? null : image + billed * each;
}

function firstOf(names: readonly string[], catalog: Catalog): number | undefined {
  const name = names.find((name) => catalog.has(name));
  return name === undefined ? undefined : catalog.get(name);
}

function billedReferences({ model }: Priced, references: number): number {
  const { free } = modelOf(model).billing.references ?? { free: references };
  return Math.max(0, references - free);
}
