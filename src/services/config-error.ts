/** What stops the start: one readable line per missing or malformed value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The problems, line by line, as an operator reads them. */
export function explainConfigError({ problems }: ConfigError): string {
  return ['The bot cannot start:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}
