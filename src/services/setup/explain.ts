import { ConfigError } from '../config.ts';
import { EnvTextError } from './env-text.ts';
import { SetupCancelled } from './terminal.ts';

/** Explains to the operator why the setup ended early, with a stack only for an unforeseen error. */
export function explainSetupProblem(error: unknown): string {
  if (error instanceof SetupCancelled) return 'Nothing was written.';
  if (error instanceof ConfigError) {
    const problems = error.problems.map((problem) => `  ${problem}`);
    return ['Fix this first, in .env or the environment:', ...problems].join('\n');
  }
  if (error instanceof EnvTextError) return `Nothing was written: ${error.message}.`;
  if (!(error instanceof Error)) return `Nothing was written: ${String(error)}`;
  if ('syscall' in error) return `Nothing was written: .env cannot be read or replaced (${error.message}).`;
  return `Nothing was written: ${error.stack ?? error.message}`;
}
