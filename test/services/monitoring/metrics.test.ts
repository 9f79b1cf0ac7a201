import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kindsOf } from '../../../src/commands/dispatch.ts';
import { createHandlers } from '../../../src/commands/index.ts';
import { createMetrics } from '../../../src/services/monitoring/index.ts';
import { MODEL_IDS } from '../../../src/services/request/models.ts';

const handlers = createHandlers(MODEL_IDS);

test.each([
  'imagine_interactions_total{kind="command",name="imagine",outcome="failed"}',
  'imagine_interactions_total{kind="menu",name="Image details",outcome="failed"}',
  'imagine_interactions_total{kind="button",name="retry",outcome="failed"}',
  'imagine_interactions_total{kind="select",name="rule",outcome="failed"}',
  'imagine_interactions_total{kind="modal",name="edit",outcome="failed"}',
  'imagine_discord_requests_total{status="401"}',
  'imagine_discord_requests_total{status="403"}',
  'imagine_discord_requests_total{status="429"}',
  'imagine_tasks_ended_total{model="gpt-image-2",outcome="undeliverable"}',
])('%s is 0 before the first one, so that Prometheus sees that one', async (series) => {
  const { registry } = createMetrics(kindsOf(handlers));
  expect((await registry.metrics()).split('\n')).toContain(`${series} 0`);
});

test('an alert about counted events adds up what the counter tells apart', () => {
  const alerts = readFileSync(new URL('../../../deploy/alerts.yml', import.meta.url), 'utf8');
  const counts = alerts.split('\n').filter((line) => /expr:.*increase\(/.test(line));
  expect(counts).toHaveLength(4);
  for (const line of counts) expect(line).toMatch(/expr: sum without \((\w+(, )?)+\) \(increase\(/);
});
