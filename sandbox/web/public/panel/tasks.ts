import { html, nothing } from 'lit';
import type { ShownTask } from '../../protocol.ts';

/** The true state of every task at the image service, the newest first. */
export function tasksView(tasks: readonly ShownTask[]) {
  if (tasks.length === 0) return html`<p class="empty">The service has no task yet.</p>`;
  return html`<ol class="tasks">
    ${tasks.toReversed().map(
      ({ id, model, prompt, status, progress, misbehaviour, queries, downloads }) => html`<li>
        <strong>${prompt}</strong>
        <progress max="100" value=${progress} aria-label=${`${progress} %`}></progress>
        <div class=${status}>${status} · ${progress} %${misbehaviour ? html` · <em>${misbehaviour}</em>` : nothing}</div>
        <div class="detail">${model} · asked ${queries}×, fetched ${downloads}×</div>
        <div class="detail"><code>${id}</code></div>
      </li>`,
    )}
  </ol>`;
}
