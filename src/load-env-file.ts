// The npm scripts preload this instead of Node's own --env-file. Variables that the environment already has stay.
import { ConfigError, explainConfigError } from './services/config-error.ts';
import { readEnvFile } from './services/process/env-file.ts';

try {
  for (const [name, value] of Object.entries(readEnvFile('.env'))) process.env[name] ??= value;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(explainConfigError(error));
  process.exit(1);
}
