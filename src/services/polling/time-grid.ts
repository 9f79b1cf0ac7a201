/** Moments at which distributions of durations are known: spaced evenly in the logarithm, from half a second to two hours. */
const SIZE = 288;
const FROM_MS = 500;
const TO_MS = 2 * 60 * 60_000;
const FIRST_LOG = Math.log(FROM_MS);

/** The distance of two neighbours, in logarithms. */
export const STEP = (Math.log(TO_MS) - FIRST_LOG) / (SIZE - 1);
/** Natural logarithms of milliseconds. */
export const LOGS: Float64Array = Float64Array.from({ length: SIZE }, (_, index) => FIRST_LOG + index * STEP);
/** Milliseconds. */
export const TIMES: Float64Array = LOGS.map(Math.exp);

/** What a curve over the grid is at a moment, linear between the grid's; before its first, a line from 0. */
export function valueAt(curve: Float64Array, ms: number): number {
  const last = SIZE - 1;
  const position = (Math.log(ms) - FIRST_LOG) / STEP;
  if (position >= last) return at(curve, last);
  if (!(position > 0)) return (at(curve, 0) * Math.max(0, ms)) / FROM_MS;
  const index = Math.floor(position);
  const share = (ms - at(TIMES, index)) / (at(TIMES, index + 1) - at(TIMES, index));
  return at(curve, index) + share * (at(curve, index + 1) - at(curve, index));
}

/** When a rising curve first reaches a value; infinite where it never does. */
export function timeOf(curve: Float64Array, value: number): number {
  const index = curve.findIndex((reached) => reached >= value);
  if (index < 0) return Number.POSITIVE_INFINITY;
  if (index === 0) return (FROM_MS * value) / at(curve, 0);
  const [before, after] = [at(curve, index - 1), at(curve, index)];
  const share = (value - before) / (after - before);
  return at(TIMES, index - 1) + share * (at(TIMES, index) - at(TIMES, index - 1));
}

/** An array's element where the index is known to be inside. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
