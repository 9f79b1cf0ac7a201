import type { Checked } from './checked.ts';
import { SetupCancelled, type Terminal } from './terminal.ts';

interface Question<T> {
  readonly question: string;
  /** Where the answer is found. */
  readonly where: string;
  /** The earlier answer, which Enter keeps. It is never shown. */
  readonly earlier: string | undefined;
  readonly problem: (answer: string) => string | null;
  /** Shown while the check runs. */
  readonly asking: string;
  readonly check: (answer: string) => Promise<Checked<T>>;
}

/** Asks until an answer is accepted; `found` is null if the operator keeps an answer that could not be checked. */
export async function askChecked<T>(
  terminal: Terminal,
  { question, where, earlier, problem, asking, check }: Question<T>,
): Promise<{ value: string; found: T | null }> {
  let kept = earlier && problem(earlier) === null ? earlier : null;
  terminal.say('info', `${question}: ${where}`);
  for (;;) {
    const value = await askOnce(terminal, { question, kept, problem });
    const checked = await checkUntilClear(terminal, value, { asking, check });
    if (checked.outcome !== 'refused') return { value, found: 'found' in checked ? checked.found : null };
    terminal.say('error', checked.why);
    if (value === kept) kept = null;
  }
}

async function askOnce(
  terminal: Terminal,
  { question, kept, problem }: { question: string; kept: string | null } & Pick<Question<unknown>, 'problem'>,
): Promise<string> {
  const asked = kept === null ? question : `${question} (Enter keeps the one in .env)`;
  const answer = await terminal.askSecret(asked, (typed) => {
    if (typed !== '') return problem(typed);
    return kept === null ? 'Paste it here, and press Enter.' : null;
  });
  return answer || (kept ?? '');
}

/** While the check fails to tell, lets the operator try again, go on without it, or leave. */
async function checkUntilClear<T>(
  terminal: Terminal,
  value: string,
  { asking, check }: Pick<Question<T>, 'asking' | 'check'>,
): Promise<Checked<T>> {
  for (;;) {
    const checked = await terminal.waitFor(asking, check(value));
    if (checked.outcome !== 'unclear') return checked;
    terminal.say('warn', checked.why);
    const next = await terminal.choose('It could not be checked.', {
      again: 'Try again',
      on: 'Go on without the check',
      leave: 'Leave, and write nothing',
    });
    if (next === 'leave') throw new SetupCancelled();
    if (next === 'on') return checked;
  }
}
