import { ImageServiceError } from '../image-service/errors.ts';

/** The one expected error of the client: what went wrong, and whether money may have been spent. */
export class JimmyAiError extends ImageServiceError {
  override readonly name = 'JimmyAiError';
}

const NOT_FOUND_WORDS =
  /not[_ ]?found|no such|unknown[_ ]task|(task|id) (does not|doesn['’]t) exist|不存在|未找到|找不到|查无/i;

/** Whether a query's words say that there is no such task. */
export function isNotFound(text: string): boolean {
  return NOT_FOUND_WORDS.test(text);
}
