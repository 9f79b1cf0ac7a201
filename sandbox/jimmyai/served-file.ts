export interface ServedFile {
  bytes: Buffer<ArrayBuffer>;
  mime: string;
}

/** Reads a file of the service by its path; null when it doesn't exist, not yet or not any more. */
export type ReadFile = (path: string) => Promise<ServedFile | null>;
