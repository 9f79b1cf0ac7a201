import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files that take long: leases that run out, time-outs and pages of pictures take a minute or so by themselves. */
const LONG = /[\\/]test[\\/](?:crash|soak|e2e[\\/]postgres|sandbox[\\/]web)[\\/]/;

/** Begins with these, which would otherwise be the last of a run that knows no durations, with a core left idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
