import { NO_LIMITS, type RequestLimits } from '../../src/services/request/limits.ts';

export const UNLIMITED: RequestLimits = {
  person: NO_LIMITS,
  member: NO_LIMITS,
  server: NO_LIMITS,
  overall: { tasks: null, perDay: null },
  unit: 'images',
};
