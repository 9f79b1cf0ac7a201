import type { CostTable, Unit } from '../request/costs.ts';
import { unitOf } from '../request/costs.ts';
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
/** The assumed price of an image when the host has set none: the upper end of the service's usual prices. */
const ASSUMED_COINS = 0.5;
/** The daily limit when the balance is unknown or empty: this many images of the most expensive kind. */
const CAUTIOUS_IMAGES = 20;

/** Proposes limits from the spendable coins (null if unknown): in coins if images have prices, otherwise in images. */
export function proposeLimits(spendable: number | null, costs: CostTable | null): Proposal {
  const unit = unitOf(costs);
  const highest = costs ? Math.max(1, ...Object.values(costs)) : 1;
  // A person should get at least one whole reply a day.
  const least = costs ? Math.ceil(highest) : COUNT_MAX;
  if (spendable === null || spendable <= 0) {
    const total = Math.max(least, Math.ceil(CAUTIOUS_IMAGES * highest));
    return { unit, total, perPerson: personsShare(total, least), why: WHY_CAUTIOUS[unit] };
  }
  const coinsPerDay = spendable / LASTS_DAYS;
  const total = Math.max(least, roundDown(costs ? coinsPerDay : coinsPerDay / ASSUMED_COINS));
  const days = costs ? spendable / total : spendable / total / ASSUMED_COINS;
  const assumed = costs ? '' : `, if an image costs up to ${ASSUMED_COINS} coins`;
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
  if (number < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(number));
  const [step = 1] = [5, 2, 1].filter((digit) => digit * power <= number);
  return step * power;
}
