import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const FIRST = 'test/support/discord-first.ts';
/** The definition of the ledger: it runs on each database. */
const CONTRACT = 'test/services/ledger/contract/*.test.ts';
/** What differs by database: what is reserved, limited, listed, exported and deleted, and goes on after kill -9. */
const ON_BOTH = 'test/e2e/{buttons,history,server-limits}.test.ts';

export default defineConfig({
  test: {
    // The tests wait for other processes half of the time, so more of them fit than there are cores; each bot and each
    // Chromium needs some of a core, too.
    maxWorkers: 6,
    sequence: { sequencer: LongestFirst },
    // No module holds state that a test can see, so files can share what a worker has loaded.
    isolate: false,
    // Node.js runs the sources as they are, here as in the bot. Nothing needs what Vite would add.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Far more than any test needs, so that a busy machine fails none: a real bot process takes a second to start, and shares
    // two cores with the other tests and whatever else runs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/postgres/*.test.ts'],
          setupFiles: [FIRST],
          globalSetup: 'test/support/first-start.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [CONTRACT, 'test/**/postgres/*.test.ts', ON_BOTH],
          setupFiles: [FIRST, 'test/support/skip-without-postgres.ts'],
          globalSetup: 'test/support/postgres-for-all.ts',
        },
      },
    ],
  },
});
