/** The numbers of rows that the bot still has to handle. */
export interface LedgerState {
  readonly unsettled: number;
  readonly unfinished: number;
  readonly tokens: number;
}

export const STATE = {
  unsettled: 'SELECT count(*) AS count FROM generations WHERE settled_at IS NULL',
  unfinished: `SELECT count(*) AS count FROM tasks
               WHERE state IN ('reserved', 'submitting', 'running', 'completed')`,
  tokens: 'SELECT count(*) AS count FROM generations WHERE token IS NOT NULL',
} as const satisfies Record<keyof LedgerState, string>;

/** The names of all files that rows need: thumbnails, and the sources of tools, in requests and in questions. */
export const NEEDED_FILES = `
  SELECT thumbnail_file AS name FROM tasks WHERE thumbnail_file IS NOT NULL
  UNION SELECT file FROM reference_images WHERE file IS NOT NULL
  UNION SELECT file FROM draft_files`;

/** The ledger of the bots under test, read by a witness beside them. */
export interface Store {
  /** The environment that points a process, by its number, to the ledger. */
  env(process: number): Record<string, string>;
  state(): Promise<LedgerState>;
  /** The files that no row needs, and those that a row names but that are missing. */
  filesLeft(): Promise<string[]>;
  /** Whether the ledger has the message that replies to this interaction, so that any process finds it. */
  knowsReply(interactionId: string): Promise<boolean>;
  /** Makes the files so old that the next process to start removes those that no row needs. */
  ageFiles(): Promise<void>;
  remove(): Promise<void>;
}

/** The names of files that no row names, and those that are named but missing. */
export function unmatched(there: readonly string[], named: readonly string[]): string[] {
  return [...there.filter((name) => !named.includes(name)), ...named.filter((name) => !there.includes(name))];
}
