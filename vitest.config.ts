import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/discord-first.ts'],
    // The tests wait for other processes half of the time, so more of them fit than there are cores; each bot and each
    // Chromium needs some of a core, too.
    maxWorkers: 4,
    // No module holds state, so files can share what a worker has loaded.
    isolate: false,
    // Far more than any test needs, so that a busy machine fails none: a real bot process takes a second to start, and shares
    // two cores with the other tests and whatever else runs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
