import { beforeEach, inject } from 'vitest';

const missing = inject('postgres')?.missing;
if (missing) beforeEach(({ skip }) => skip(missing));
