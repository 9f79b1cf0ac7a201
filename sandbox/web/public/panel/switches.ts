import { html } from 'lit';
import type { Snapshot, Switch } from '../../protocol.ts';
import type { App } from '../app.ts';

type Labelled = readonly [string, Switch];

const START: Labelled[] = [['Start it', { kind: 'bot', order: 'start' }]];
const STOP: Labelled[] = [
  ['Restart it', { kind: 'bot', order: 'restart' }],
  ['Kill it', { kind: 'bot', order: 'kill' }],
];

/** The switches that make things go wrong. */
export function switchesView(app: App, { misbehaviours, botState, bot }: Snapshot) {
  return html`
    <section>
      <h3>The bot</h3>
      <p>${bot.name} is ${botState}. What it was doing goes on after a restart.</p>
      ${buttons(app, botState === 'offline' ? START : STOP)}
    </section>
    <section>
      <h3>Discord</h3>
      ${buttons(app, [
        ['Answer the next five requests 2 s late', { kind: 'discord', fault: 'slow' }],
        ['Answer the next request with 500', { kind: 'discord', fault: 'fail' }],
        ['Cut the next request off', { kind: 'discord', fault: 'drop' }],
        ['Expire the tokens of all interactions', { kind: 'expire-tokens' }],
        ['Cut the gateway connection', { kind: 'drop-gateway' }],
      ])}
    </section>
    <section>
      <h3>The image service</h3>
      <p>At the next image:</p>
      ${buttons(
        app,
        misbehaviours.map((misbehaviour) => [misbehaviour, { kind: 'jimmyai', misbehaviour }]),
      )}
    </section>
  `;
}

function buttons(app: App, switches: readonly Labelled[]) {
  return html`<div class="switches">
    ${switches.map(([label, turned]) => html`<button @click=${() => app.turn(turned)}>${label}</button>`)}
  </div>`;
}
