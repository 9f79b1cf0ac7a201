import type { StoredWarning, WarningKind, WarningLedger } from '../ledger/warnings.ts';
import type { Logger } from '../log.ts';

/** A warning for the owner, or the news that it is over. */
export interface News {
  readonly kind: WarningKind;
  /** When it began, in milliseconds since the epoch. */
  readonly since: number;
  readonly isOver: boolean;
  /** The coins that are left; null when unknown. */
  readonly spendable: number | null;
}

/** Resolves with false when no owner accepts the message; rejects when a later try may work. */
export type TellOwner = (news: News) => Promise<boolean>;

/** How long a problem must be gone to count as over, so that the owner hears once of one that comes and goes. */
export const CALM_MS: Readonly<Record<WarningKind, number>> = {
  'key-refused': 5 * 60_000,
  'no-credit': 5 * 60_000,
  'low-balance': 60 * 60_000,
};

/** Returns a function that brings the ledger's warnings up to date, and tells the owner what has changed. */
export function keepWarnings(options: {
  warnings: WarningLedger;
  active: () => ReadonlySet<WarningKind>;
  spendable: () => number | null;
  tellOwner: TellOwner;
  elapsed: () => number;
  log: Logger;
}): () => Promise<void> {
  const { warnings, active, spendable, tellOwner, elapsed, log } = options;
  const seenAt = new Map<WarningKind, number>();

  async function tell({ kind, since }: StoredWarning, isOver: boolean): Promise<void> {
    const isTold = await tellOwner({ kind, since, isOver, spendable: spendable() });
    if (isTold) log.info({ warning: kind, isOver }, 'the owner was told');
    else log.error({ warning: kind, isOver }, 'no owner of the application accepts a direct message');
  }

  async function keep(warning: StoredWarning): Promise<void> {
    const { kind, toldAt } = warning;
    if (seenAt.get(kind) === undefined) seenAt.set(kind, elapsed());
    if (active().has(kind)) {
      seenAt.set(kind, elapsed());
      if (toldAt !== null) return;
      await tell(warning, false);
      return warnings.markTold(kind);
    }
    if (elapsed() - (seenAt.get(kind) ?? 0) < CALM_MS[kind]) return;
    if (toldAt !== null) await tell(warning, true);
    await warnings.drop(kind);
  }

  return async () => {
    for (const kind of active()) await warnings.raise(kind);
    for (const warning of await warnings.all()) await keep(warning);
  };
}
