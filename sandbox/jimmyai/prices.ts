/** Prices in coins, by the service's billing names. Tests change both lists. */
export interface Prices {
  /** The public catalog. */
  readonly catalog: Map<string, number>;
  /** The account's own prices, which override the catalog, and which only the bills show. */
  readonly own: Map<string, number>;
  /** Whether the service has a catalog at all. */
  hasCatalog: boolean;
}

export interface BilledRequest {
  readonly model: string;
  readonly resolution: string;
  readonly quality: string;
  readonly images: readonly unknown[];
}

/** The names are documented; the prices are invented, but of a realistic size. */
export function createPrices(): Prices {
  return {
    catalog: new Map([
      ['gpt-image-2', 0.06],
      ['gpt-image-2-medium', 0.12],
      ['gpt-image-2-high', 0.36],
      ['gpt-image-2.5-flare', 0.1],
      ['gpt-image-2.5-flare-async', 0.08],
      ['gpt-image-2.5-sunburst', 0.2],
      ['gpt-image-2.5-sunburst-async', 0.16],
      ['gpt-image-1.5', 0.09],
      ['gpt-image-1.5-low', 0.03],
      ['gpt-image-1.5-medium', 0.09],
      ['gpt-image-1.5-high', 0.3],
      ['nano-banana', 0.04],
      ['nano-banana-2', 0.06],
      ['nano-banana-2.1', 0.07],
      ['nano-banana-pro', 0.15],
      ['doubao-seedream-5-0-pro-1k', 0.36],
      ['doubao-seedream-5-0-pro-2k', 0.72],
      ['doubao-seedream-5-0-pro-ref', 0.024],
      ['grok-imagine-image', 0.05],
      ['grok-imagine-image-2', 0.01],
      ['grok-imagine-image-2-1k-low', 0.04],
      ['grok-imagine-image-2-1k-medium', 0.06],
      ['grok-imagine-image-2-2k-low', 0.08],
      ['grok-imagine-image-2-2k-medium', 0.1],
      ['viraltok-image-upscale', 0.02],
      ['viraltok-remove-bg', 0.01],
    ]),
    own: new Map([
      ['gpt-image-2', 0.05],
      ['nano-banana', 0.03],
      ['nano-banana-pro', 0.12],
    ]),
    hasCatalog: true,
  };
}

/** The cost of a request. */
export function billOf(request: BilledRequest, prices: Prices): number {
  const priceOf = (name: string) => prices.own.get(name) ?? prices.catalog.get(name);
  const image = namesOf(request)
    .map(priceOf)
    .find((price) => price !== undefined);
  const { name, free } = REFERENCES[request.model] ?? { name: '', free: Number.POSITIVE_INFINITY };
  const references = Math.max(0, request.images.length - free);
  return roundCoins((image ?? 0) + references * (priceOf(name) ?? 0));
}

/** The `data` of the model catalog, narrowed by its `search`. */
export function catalogData({ catalog }: Prices, search: string): object {
  const images = [...catalog].map(([name, price]) => entryOf(name, 'image', 'per_task', price));
  const others = [entryOf('seedance2.5', 'video', 'per_second', 0.05)];
  const found = [...others, ...images].filter((entry) =>
    [entry.model_name, entry.display_name, entry.model_type, entry.remark].some((text) =>
      text.includes(search),
    ),
  );
  return { list: found };
}

/** Rounds coins, so that they add up like decimals. */
export function roundCoins(coins: number): number {
  return Math.round(coins * 10_000) / 10_000;
}

function namesOf({ model, resolution, quality }: BilledRequest): string[] {
  return [`-${resolution}-${quality}`, `-${resolution}`, `-${quality}`, '-async', ''].map(
    (end) => model + end,
  );
}

const REFERENCES: Readonly<Record<string, { readonly name: string; readonly free: number }>> = {
  'doubao-seedream-5-0-pro': { name: 'doubao-seedream-5-0-pro-ref', free: 1 },
  'grok-imagine-image-2': { name: 'grok-imagine-image-2', free: 0 },
};

function entryOf(name: string, type: string, mode: string, price: number) {
  return {
    model_name: name,
    display_name: name,
    model_type: type,
    price_mode: mode,
    unit_price: price,
    remark: '',
    group: type,
  };
}
