import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { BotOnSandbox } from './bot-on-sandbox.ts';

/** A port that is currently free. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Longer than the bot caches its metrics. */
const FORGOTTEN_MS = 1000;

/**
 * The current values of these series of `/metrics`, with labels in any order; 0 for a series that doesn't exist yet.
 */
export async function scrape(
  { advance }: Pick<BotOnSandbox, 'advance'>,
  url: string,
): Promise<(series: string) => number> {
  await advance(FORGOTTEN_MS);
  const text = await (await fetch(`${url}/metrics`)).text();
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, series, value] = /^([^#\s].*) (\S+)$/.exec(line) ?? [];
    if (series) values.set(inOrder(series), Number(value));
  }
  return (series) => values.get(inOrder(series)) ?? 0;
}

/** Every metric name of `/metrics`, including the parts of histograms. */
export async function metricNames(url: string): Promise<Set<string>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' || type === 'summary'
        ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
        : [name],
    ),
  );
}

function inOrder(series: string): string {
  const [, name = series, labels = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(series) ?? [];
  return `${name}{${labels.split(',').sort().join(',')}}`;
}
