import { type JimmyAi, MISBEHAVIOUR_KINDS } from '../jimmyai/index.ts';
import { seededRandom } from '../jimmyai/random.ts';
import { typicalMisbehaviour } from '../jimmyai/typical-misbehaviour.ts';

/** Makes the service misbehave at its next image, or at its next upload if the kind is about uploads. */
export function misbehaveOnce(name: string, jimmyAi: JimmyAi): void {
  const kind = MISBEHAVIOUR_KINDS.find((known) => known === name);
  if (!kind)
    throw new Error(`There is no misbehaviour "${name}". There is ${MISBEHAVIOUR_KINDS.join(', ')}.`);
  const endpoint = kind === 'upload-missing' ? 'upload' : 'create';
  jimmyAi.misbehave(typicalMisbehaviour(kind, endpoint, seededRandom(Date.now(), 0)));
}
