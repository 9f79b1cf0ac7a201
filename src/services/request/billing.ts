import { billingNames, modelOf } from './models.ts';
import type { ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';
import { isTextTool, TOOL_BILLING } from './tools.ts';

/** The options that decide the price of one image, besides its references. */
export type Priced = Pick<ImageRequest, 'model' | 'resolution' | 'quality' | 'tool'>;

/** Prices by the service's billing names, in its coins. */
export type Catalog = ReadonlyMap<string, number>;

/**
 * One name for all requests that cost the same: `gpt-image-2/4k/high`, with `+2` when two references are billed too, or
 * a tool's name.
 */
export function kindOf(request: Priced, references: number): string {
  if (request.tool) return request.tool.name;
  const billed = billedReferences(request, references);
  return `${exactName(request)}${billed > 0 ? `+${billed}` : ''}`;
}

/** The name that an image is charged under: the model that makes it, or the tool. */
export function makerOf({ model, tool }: Priced): string {
  return tool?.name ?? model;
}

/** Made of model, resolution and, if the model has any, quality. */
export function exactName(request: Priced): string {
  return [request.model, request.resolution, qualityToSend(request)].filter(Boolean).join('/');
}

/** The price of one image of the request in the catalog; null when the catalog has none. */
export function priceIn(catalog: Catalog, request: Priced, references: number): number | null {
  const { tool } = request;
  // Words are billed by their length, which no list tells.
  if (isTextTool(tool)) return null;
  if (tool) return catalog.get(TOOL_BILLING[tool.name]) ?? null;
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
