/** Stops the start, with one readable line for each missing or malformed value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The problems for the operator, one on each line. */
export function explainConfigError({ problems }: ConfigError): string {
  return ['The bot cannot start:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}
