import type { Button } from './button.ts';
import { cancel } from './buttons/cancel.ts';
import { check } from './buttons/check.ts';
import { exportData, forget, forgetNow } from './buttons/privacy.ts';
import { retry } from './buttons/retry.ts';
import { send } from './buttons/send.ts';
import type { Command } from './command.ts';
import { imagine } from './imagine.ts';
import { jobs } from './jobs.ts';
import { privacy } from './privacy.ts';

/** Every command there is: what is registered, and what is dispatched to. */
export const commands: readonly Command[] = [imagine, jobs, privacy];

/** Every button there is. */
export const buttons: readonly Button[] = [cancel, check, retry, send, exportData, forget, forgetNow];
