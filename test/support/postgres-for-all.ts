import type { TestProject } from 'vitest/node';
import { postgresMissing, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server for tests on PostgreSQL; `missing` tells why there is none. */
    readonly postgres: { readonly url: string; readonly missing: string | null } | undefined;
  }
}

/** Starts one server for all tests of the project. Each test gets its own database in it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  if (postgresMissing !== null) {
    console.warn(postgresMissing);
    project.provide('postgres', { url: '', missing: postgresMissing });
    return async () => undefined;
  }
  const server = await startPostgres();
  project.provide('postgres', { url: server.url, missing: null });
  return server.remove;
}
