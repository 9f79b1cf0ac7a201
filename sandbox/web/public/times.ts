const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
] as const;

/** "in 3 seconds", "2 minutes ago". */
export function relativeTime(at: number, now: number, locale: string): string {
  const ms = at - now;
  const [unit, size] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? (['second', 1000] as const);
  return new Intl.RelativeTimeFormat(locale).format(Math.round(ms / size), unit);
}

const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/** A `<t:…>` in the style it asks for. */
export function styledTime(at: number, style: string, now: number, locale: string): string {
  if (style === 'R') return relativeTime(at, now, locale);
  return new Intl.DateTimeFormat(locale, STYLES[style] ?? STYLES.f).format(at);
}

/** The time after an author's name. */
export function messageTime(at: number, now: number, locale: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return styledTime(at, isToday ? 't' : 'f', now, locale);
}
