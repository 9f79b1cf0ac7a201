import type { CostTable, Unit } from '../request/costs.ts';
import { unitOf } from '../request/costs.ts';
import { COUNT_MAX } from '../request/request.ts';

/** Limits to begin with, and why. */
export interface Proposal {
  readonly unit: Unit;
  /** For everybody together, within 24 hours. */
  readonly total: number;
  readonly perPerson: number;
  readonly why: string;
}

/** A balance should last this long when the limit is reached every day. */
const LASTS_DAYS = 30;
/** One person should not use up what is there for all. */
const PERSONS_SHARE = 1 / 5;
/** What is asked for images without a price of the host's: the upper end of the service's usual prices. */
const DEAREST_USUAL_COINS = 0.5;
/** As many images of the dearest kind, where the balance says nothing. */
const CAUTIOUS_IMAGES = 20;

/** Proposes limits by the coins that can be spent (null where nobody knows): in coins where images have prices, else in images. */
export function proposeLimits(spendable: number | null, costs: CostTable | null): Proposal {
  const unit = unitOf(costs);
  const dearest = costs ? Math.max(1, ...Object.values(costs)) : 1;
  /** A person should get one whole reply a day. */
  const least = costs ? Math.ceil(dearest) : COUNT_MAX;
  if (spendable === null || spendable <= 0) {
    const total = Math.max(least, Math.ceil(CAUTIOUS_IMAGES * dearest));
    return { unit, total, perPerson: personsShare(total, least), why: WHY_CAUTIOUS[unit] };
  }
  const coinsPerDay = spendable / LASTS_DAYS;
  const total = Math.max(least, roundDown(costs ? coinsPerDay : coinsPerDay / DEAREST_USUAL_COINS));
  const days = costs ? spendable / total : spendable / total / DEAREST_USUAL_COINS;
  const assumed = costs ? '' : `, if an image costs up to ${DEAREST_USUAL_COINS} coins`;
  return {
    unit,
    total,
    perPerson: personsShare(total, least),
    why: `With ${NUMBER.format(total)} ${unit} a day, ${NUMBER.format(spendable)} coins last ${lasting(days)}${assumed}.`,
  };
}

/** As people read it at a glance: 10,000 and 0.25. */
export const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

const WHY_CAUTIOUS: Record<Unit, string> = {
  images: `${CAUTIOUS_IMAGES} images a day are a cautious beginning.`,
  coins: `What ${CAUTIOUS_IMAGES} images of the dearest kind cost is a cautious beginning.`,
};

function personsShare(total: number, least: number): number {
  return Math.min(total, Math.max(least, roundDown(total * PERSONS_SHARE)));
}

function lasting(days: number): string {
  if (days >= LASTS_DAYS) return 'at least a month';
  if (days < 1) return 'less than a day';
  return days < 2 ? 'at least a day' : `at least ${Math.floor(days)} days`;
}

/** To 1, 2 or 5 with zeros: a proposal, not a measurement. */
function roundDown(number: number): number {
  if (number < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(number));
  const [step = 1] = [5, 2, 1].filter((digit) => digit * power <= number);
  return step * power;
}
