/** The service keeps a result for 3 days (its reference, "Query Image Task"). */
export const SERVICE_KEEPS_MS = 3 * 24 * 60 * 60_000;
