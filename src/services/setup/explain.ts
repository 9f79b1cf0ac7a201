import { ConfigError } from '../config.ts';
import { EnvTextError } from './env-text.ts';
import { Left } from './terminal.ts';

/** What the operator reads when the setup ends early: a stack only where nobody foresaw it. */
export function explainSetupProblem(error: unknown): string {
  if (error instanceof Left) return 'Nothing was written.';
  if (error instanceof ConfigError) {
    const problems = error.problems.map((problem) => `  ${problem}`);
    return ['Mend this first, in .env or the environment:', ...problems].join('\n');
  }
  if (error instanceof EnvTextError) return `Nothing was written: ${error.message}.`;
  if (!(error instanceof Error)) return `Nothing was written: ${String(error)}`;
  if ('syscall' in error) return `Nothing was written: .env can not be read or replaced (${error.message}).`;
  return `Nothing was written: ${error.stack ?? error.message}`;
}
