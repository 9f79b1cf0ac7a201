import { readFileSync } from 'node:fs';
import type { Config } from './services/config.ts';
import { createJimmyAi } from './services/jimmyai/client.ts';
import { createTunnels, type Tunnels } from './services/proxy/tunnels.ts';
import { checkKey } from './services/setup/check-key.ts';
import { checkToken } from './services/setup/check-token.ts';
import { envFileAt } from './services/setup/env-file.ts';
import { explainSetupProblem } from './services/setup/explain.ts';
import { setUp } from './services/setup/index.ts';
import { createTerminal, SetupCancelled } from './services/setup/terminal.ts';

const TEMPLATE = new URL('../.env.example', import.meta.url);
const NEEDS_TERMINAL =
  'npm run setup needs a terminal to ask its questions in. Without one, copy .env.example to .env, and fill in DISCORD_TOKEN and JIMMYAI_API_KEY.';

const { stdin: input, stdout: output } = process;
if (!input.isTTY || !output.isTTY) {
  console.error(NEEDS_TERMINAL);
  process.exit(1);
}

// Ctrl+C is an ordinary key here, so these signals come from outside. Handled, they can't interrupt a write.
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}

try {
  await setUp({
    terminal: createTerminal({ input, output, signal: interruption.signal }),
    envFile: envFileAt('.env'),
    template: readFileSync(TEMPLATE, 'utf8'),
    env: process.env,
    checkToken: (token, config) =>
      checkToken(token, { apiUrl: config.discordApiUrl, tunnels: tunnelsOf(config) }),
    checkKey: async (apiKey, config) => {
      const { baseUrl } = config.imageApi;
      const service = createJimmyAi({ baseUrl, apiKey, tunnels: tunnelsOf(config) });
      return checkKey(service).finally(service.close);
    },
  });
} catch (error) {
  console.error(explainSetupProblem(error));
  process.exitCode = error instanceof SetupCancelled ? 130 : 1;
}
// Kept-alive connections would delay the exit.
process.exit();

/** A problem of the proxy is reported with the answer that needed it. */
function tunnelsOf({ proxyFor }: Config): Tunnels | null {
  return proxyFor && createTunnels({ proxyFor, log: null });
}
