import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import type { Reservation, ReserveRefusal } from '../../../src/services/ledger/reserve.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import type { ImageRequest } from '../../../src/services/request/request.ts';
import { UNLIMITED } from '../../support/unlimited.ts';

export type Changes = Partial<Omit<Reservation, 'request'>> & { request?: Partial<ImageRequest> };

export const reservation: Reservation = {
  interactionId: '100',
  parentId: null,
  parentUrl: null,
  applicationId: '200',
  token: 'interaction-token',
  userId: '300',
  guildId: null,
  channelId: '400',
  message: null,
  draftId: null,
  private: true,
  adapted: false,
  named: true,
  lasting: false,
  locale: 'en-US',
  attachmentSizeLimit: 10_485_760,
  request: {
    prompt: 'a fox',
    model: 'gpt-image-2',
    ratio: 'auto',
    resolution: '1k',
    quality: null,
    transparent: false,
    count: 1,
  },
  limits: UNLIMITED,
  cost: 1,
  references: [{ name: 'fox.jpg', source: 'discord', url: 'https://cdn.discordapp.com/fox.jpg', file: null }],
};

/** Puts requests into a ledger. */
export interface Requests {
  /** Puts a request of its own into the ledger, where there are no limits unless they are given. */
  reserve(changes?: Changes): Promise<string>;
  /** The same, or which limit is in the way. */
  ask(changes?: Changes): Promise<string | ReserveRefusal>;
  /** The same, with each of its images delivered. */
  deliver(changes?: Changes): Promise<string>;
}

export function createRequests(house: { readonly ledger: Ledger; readonly now: number }): Requests {
  let interactions = 0;
  const requests: Requests = {
    async reserve(changes) {
      const id = await requests.ask(changes);
      if (typeof id !== 'string') throw new Error(`a limit was in the way: ${id.kind}`);
      return id;
    },
    async ask({ request, ...changes } = {}) {
      interactions += 1;
      const id = await house.ledger.generations.reserve({
        ...reservation,
        interactionId: `interaction-${interactions}`,
        ...changes,
        request: { ...reservation.request, ...request },
      });
      if (id === null) throw new Error('the interaction or the draft was taken already');
      return id;
    },
    async deliver(changes) {
      const id = await requests.reserve(changes);
      const { tasks = [] } = (await house.ledger.generations.find(id)) ?? {};
      const delivered = tasks.map((task) => {
        const running = transitions
          .run(`service-${task.id}`, house.now)
          .to(transitions.submit(house.now).to(task));
        const completed = transitions.complete('https://x.example/1.png', house.now).to(running);
        return { from: task.state, task: transitions.deliver(`attachment-${task.id}`).to(completed) };
      });
      await house.ledger.generations.settle(id, { id: `message-${id}`, channelId: '400' }, delivered);
      return id;
    },
  };
  return requests;
}
