import type { Place } from '../protocol.ts';

const KEY = 'place';

/** Each tab can be a different person, and remains so after a reload. */
export function remember(place: Place): void {
  sessionStorage.setItem(KEY, JSON.stringify(place));
}

export function rememberedPlace(): Partial<Place> {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Place>;
}
