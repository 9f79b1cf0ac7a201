import type { Fetcher, FetchOptions } from './fetch.ts';

/** Where a reference's image lies: at Discord's CDN, or as an earlier result at the service. */
export interface ReferenceAddress {
  readonly source: 'discord' | 'service';
  readonly url: string;
}

/** Gets a reference's image from whom it is, and from nobody else. Throws as the fetcher does. */
export function fetchReference(
  { source, url }: ReferenceAddress,
  fetcher: Fetcher,
  options?: FetchOptions,
): Promise<Buffer<ArrayBuffer>> {
  return source === 'service' ? fetcher.result(url, options) : fetcher.attachment(url, options);
}
