import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ShownRequest } from '../../protocol.ts';

const MOST = 200;

/** The bot's requests, the newest first. */
export function requestsView(requests: readonly ShownRequest[]) {
  if (requests.length === 0) return html`<p class="empty">The bot has sent nothing yet.</p>`;
  // Keyed, so that an opened request stays open when others arrive.
  const newest = requests
    .map((request, order) => ({ ...request, order }))
    .slice(-MOST)
    .reverse();
  return html`<ol class="requests">
    ${repeat(newest, ({ order }) => order, requestView)}
  </ol>`;
}

function requestView({ to, at, tookMs, method, path, status, code, body }: ShownRequest) {
  const outcome =
    status === null ? 'cut' : [status, ...(code === null || code === '20000' ? [] : [code])].join(' · ');
  const isWrong = status === null || status >= 400;
  return html`<li>
    <details>
      <summary>
        <span class=${`to ${to}`}>${to}</span>
        <span class=${isWrong ? 'wrong' : 'right'}>${outcome}</span>
        <time>${new Date(at).toLocaleTimeString('en-GB')} · ${tookMs} ms</time>
        <code>${method} ${path}</code>
      </summary>
      ${body === '' ? nothing : html`<pre>${body}</pre>`}
    </details>
  </li>`;
}
