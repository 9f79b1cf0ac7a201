import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LedgerError } from '../../../../src/services/ledger/error.ts';
import {
  createDatabase,
  type PostgresServer,
  postgresMissing,
  startPostgres,
} from '../../../support/postgres.ts';
import { open } from './on-postgres.ts';

const CERTIFICATE = fileURLToPath(new URL('../../../support/tls/certificate.pem', import.meta.url));

let server: PostgresServer;

describe.skipIf(postgresMissing !== null)('a server with TLS', () => {
  beforeAll(async () => {
    server = await startPostgres({ tls: true });
  });
  afterAll(() => server.remove());

  test.each(['sslmode=require', `sslmode=verify-ca&sslrootcert=${CERTIFICATE}`])(
    'is reached with %s, as psql reaches it',
    async (query) => {
      const { ledger } = await open(`${await createDatabase(server.url)}?${query}`);
      expect(await ledger.generations.unsettled()).toEqual([]);
      await ledger.close();
    },
  );

  test.each([
    ['sslmode=verify-full', /certificate/],
    [`sslmode=verify-full&sslrootcert=${CERTIFICATE}`, /does not match certificate/],
    ['sslmode=verify-ca&sslrootcert=/nowhere.pem', /nowhere\.pem/],
  ])('is refused in one line where %s does not prove it to be the right one', async (query, words) => {
    const refused = await open(`${await createDatabase(server.url)}?${query}`).catch((error) => error);
    expect(refused).toBeInstanceOf(LedgerError);
    expect(refused.message).toMatch(words);
    expect(refused.message).not.toContain('\n');
  });
});
