import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files that take long: what they do to bots takes a minute or two by itself. */
const LONG = /[\\/]test[\\/](?:crash|soak)[\\/]/;

/** Begins with these, which would otherwise be the last of a run that knows no durations, with a core left idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
