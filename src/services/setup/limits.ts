import { type CostTable, HIGHEST_USUAL_COINS } from '../request/costs.ts';
import type { Unit } from '../request/limits.ts';
import { COUNT_MAX } from '../request/request.ts';

/** Initial limits, and the reason for them. */
export interface Proposal {
  readonly unit: Unit;
  /** For everybody together, within 24 hours. */
  readonly total: number;
  readonly perPerson: number;
  readonly why: string;
}

/** The balance should last this long if the limit is reached every day. */
const LASTS_DAYS = 30;
/** One person should not use up everybody's share. */
const PERSONS_SHARE = 1 / 5;
/** The daily limit when the balance is unknown or empty: this many images of the most expensive kind. */
const CAUTIOUS_IMAGES = 20;

/** Proposes limits in this unit from the spendable coins (null if unknown) and the host's own prices. */
export function proposeLimits(spendable: number | null, costs: CostTable | null, unit: Unit): Proposal {
  const highest = Math.max(0, ...Object.values(costs ?? {})) || HIGHEST_USUAL_COINS;
  const each = unit === 'coins' ? highest : 1;
  // A person should get at least one whole reply of images a day, or one image of the most expensive kind.
  const least = unit === 'coins' ? roundUp(highest) : COUNT_MAX;
  if (spendable === null || spendable <= 0) {
    const total = Math.max(least, Math.ceil(CAUTIOUS_IMAGES * each));
    return { unit, total, perPerson: personsShare(total, least), why: WHY_CAUTIOUS[unit] };
  }
  const coinsOfOne = unit === 'coins' ? 1 : highest;
  const total = Math.max(least, roundDown(spendable / LASTS_DAYS / coinsOfOne));
  const days = spendable / total / coinsOfOne;
  const assumed = unit === 'coins' ? '' : `, if an image costs up to ${NUMBER.format(highest)} coins`;
  return {
    unit,
    total,
    perPerson: personsShare(total, least),
    why: `With ${NUMBER.format(total)} ${unit} a day, ${NUMBER.format(spendable)} coins last ${lasting(days)}${assumed}.`,
  };
}

/** Formats numbers like 10,000 and 0.25. */
export const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

const WHY_CAUTIOUS: Record<Unit, string> = {
  images: `${CAUTIOUS_IMAGES} images a day are a cautious beginning.`,
  coins: `The price of ${CAUTIOUS_IMAGES} images of the most expensive kind is a cautious beginning.`,
};

function personsShare(total: number, least: number): number {
  return Math.min(total, Math.max(least, roundDown(total * PERSONS_SHARE)));
}

function lasting(days: number): string {
  if (days >= LASTS_DAYS) return 'at least a month';
  if (days < 1) return 'less than a day';
  return days < 2 ? 'at least a day' : `at least ${Math.floor(days)} days`;
}

/** Rounds down to 1, 2 or 5 times a power of ten, as fits a proposal. */
function roundDown(number: number): number {
  if (number <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(number));
  const [step = 1] = [5, 2, 1].filter((digit) => digit * power <= number);
  return step * power;
}

/** To a whole number, or to a tenth below one. */
function roundUp(number: number): number {
  return number < 1 ? Math.ceil(number * 10) / 10 : Math.ceil(number);
}
