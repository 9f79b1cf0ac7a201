import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A real bot process takes a second to start, and shares two cores with the other tests.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
