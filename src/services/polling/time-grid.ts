/** The times at which duration curves are sampled: evenly spaced in the logarithm, from half a second to two hours. */
const SIZE = 288;
const FROM_MS = 500;
const TO_MS = 2 * 60 * 60_000;
const FIRST_LOG = Math.log(FROM_MS);

/** The distance between two neighbours, in logarithms. */
export const STEP = (Math.log(TO_MS) - FIRST_LOG) / (SIZE - 1);
/** The grid's times, as natural logarithms of milliseconds. */
export const LOGS: Float64Array = Float64Array.from({ length: SIZE }, (_, index) => FIRST_LOG + index * STEP);
/** The grid's times, in milliseconds. */
export const TIMES: Float64Array = LOGS.map(Math.exp);

/** A curve's value at a time, interpolated linearly; before the grid's first time, a line from 0. */
export function valueAt(curve: Float64Array, ms: number): number {
  const last = SIZE - 1;
  const position = (Math.log(ms) - FIRST_LOG) / STEP;
  if (position >= last) return at(curve, last);
  if (!(position > 0)) return (at(curve, 0) * Math.max(0, ms)) / FROM_MS;
  const index = Math.floor(position);
  const share = (ms - at(TIMES, index)) / (at(TIMES, index + 1) - at(TIMES, index));
  return at(curve, index) + share * (at(curve, index + 1) - at(curve, index));
}

/** When a rising curve first reaches a value, in milliseconds; infinity if it never does. */
export function timeOf(curve: Float64Array, value: number): number {
  const index = curve.findIndex((reached) => reached >= value);
  if (index < 0) return Number.POSITIVE_INFINITY;
  if (index === 0) return (FROM_MS * value) / at(curve, 0);
  const [before, after] = [at(curve, index - 1), at(curve, index)];
  const share = (value - before) / (after - before);
  return at(TIMES, index - 1) + share * (at(TIMES, index) - at(TIMES, index - 1));
}

/** An array's element at an index that is known to be in range. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
