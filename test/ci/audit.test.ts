import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const AUDIT = fileURLToPath(new URL('../../.ci/audit', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'imagine-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [
    'a registry that does no audits fails nothing',
    '{"message":"405 Method Not Allowed"}',
    1,
    0,
    'nothing was learned',
  ],
  ['a registry that says nothing fails nothing', '', 1, 0, 'nothing was learned'],
  ['no finding is said', '{"auditReportVersion": 2, "vulnerabilities": {}}', 0, 0, 'nothing of level high'],
  ['a finding fails', '{"auditReportVersion": 2, "vulnerabilities": {"a":{}}}', 1, 1, '"a"'],
])('%s', (_, report, npmStatus, status, words) => {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho '${report}'\nexit ${npmStatus}\n`, { mode: 0o755 });
  const PATH = [folder, process.env.PATH].join(delimiter);
  const audit = spawnSync('bash', [AUDIT], { encoding: 'utf8', env: { ...process.env, PATH } });
  expect(`${audit.stdout}${audit.stderr}`).toContain(words);
  expect(audit.status).toBe(status);
});
