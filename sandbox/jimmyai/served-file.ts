export interface ServedFile {
  bytes: Buffer<ArrayBuffer>;
  mime: string;
}

/** Reads a file of the service by its path: null where there is none, not yet or no more. */
export type ReadFile = (path: string) => Promise<ServedFile | null>;
