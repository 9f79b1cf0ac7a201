import type { Command } from './command.ts';
import { imagine } from './imagine.ts';

/** Every command there is: what is registered, and what is dispatched to. */
export const commands: readonly Command[] = [imagine];
