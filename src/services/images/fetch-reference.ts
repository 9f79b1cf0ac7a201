import { createSemaphore } from '../concurrency/semaphore.ts';
import type { Fetcher, FetchOptions } from './fetch.ts';
import { prepareMask } from './mask.ts';
import { prepareReference } from './reference.ts';

/** The location of a reference's image: Discord's CDN, or the service for an earlier result. */
export interface ReferenceAddress {
  readonly source: 'discord' | 'service';
  readonly url: string;
  readonly isMask?: true | undefined;
}

/**
 * The most originals in memory at once, in total and for one person. Originals are large; prepared references aren't.
 */
const ORIGINALS_AT_ONCE = { all: 12, person: 2 };
const gate = createSemaphore(ORIGINALS_AT_ONCE.all, ORIGINALS_AT_ONCE.person);

/**
 * Fetches a reference's image from its source only, and prepares it for the service. Throws what the fetcher throws,
 * and NotAnImageError.
 */
export function fetchReference(
  { source, url, isMask }: ReferenceAddress,
  fetcher: Fetcher,
  person: string,
  { maxSidePx, ...options }: FetchOptions & { readonly maxSidePx?: number } = {},
): ReturnType<typeof prepareReference> {
  return gate(1, person, async () =>
    (isMask ? prepareMask : prepareReference)(
      source === 'service' ? await fetcher.result(url, options) : await fetcher.attachment(url, options),
      person,
      maxSidePx,
    ),
  );
}
