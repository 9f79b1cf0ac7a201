import { createSemaphore } from '../concurrency/semaphore.ts';
import type { Fetcher, FetchOptions } from './fetch.ts';
import { prepareReference } from './reference.ts';

/** Where a reference's image lies: at Discord's CDN, or as an earlier result at the service. */
export interface ReferenceAddress {
  readonly source: 'discord' | 'service';
  readonly url: string;
}

/** As many originals are in memory at once, and of one person; each is large, and shrinks as it is prepared. */
const ORIGINALS_AT_ONCE = { all: 12, person: 2 };
const gate = createSemaphore(ORIGINALS_AT_ONCE.all, ORIGINALS_AT_ONCE.person);

/**
 * Gets a reference's image from whom it is, and from nobody else, and makes it fit to leave the house. Throws as the
 * fetcher does, and NotAnImageError.
 */
export function fetchReference(
  { source, url }: ReferenceAddress,
  fetcher: Fetcher,
  person: string,
  options?: FetchOptions,
): ReturnType<typeof prepareReference> {
  return gate(1, person, async () =>
    prepareReference(
      source === 'service' ? await fetcher.result(url, options) : await fetcher.attachment(url, options),
      person,
    ),
  );
}
