import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { App } from '../app.ts';
import { showModal } from './show-modal.ts';

/** An image as large as the window allows. */
export function enlargedView(app: App) {
  const { enlarged } = app.state;
  if (!enlarged) return nothing;
  const { url, name, alt, detail } = enlarged;
  const close = () => {
    delete app.state.enlarged;
    app.update();
  };
  return html`<dialog class="enlarged" aria-label=${alt || name} ${ref(showModal)} @close=${close} @click=${close}>
    <figure @click=${(event: Event) => event.stopPropagation()}>
      <img src=${url} alt=${alt} />
      <figcaption>
        <span>${[name, detail].filter(Boolean).join(' · ')}</span>
        <a href=${url} target="_blank" rel="noopener noreferrer">Open in browser</a>
        <button class="close" aria-label="Close" @click=${close}>×</button>
        ${alt ? html`<p>${alt}</p>` : nothing}
      </figcaption>
    </figure>
  </dialog>`;
}
