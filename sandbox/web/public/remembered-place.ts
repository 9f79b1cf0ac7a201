import type { Place } from '../protocol.ts';

const KEY = 'place';

/** Each tab can be another person, and stays so when it is loaded anew. */
export function remember(place: Place): void {
  sessionStorage.setItem(KEY, JSON.stringify(place));
}

export function rememberedPlace(): Partial<Place> {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Place>;
}
