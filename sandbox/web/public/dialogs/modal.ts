import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { ShownModal } from '../../protocol.ts';
import type { App } from '../app.ts';
import { sendAct } from '../send.ts';
import { avatarOf } from '../views/avatar.ts';
import { fieldsOf, fieldView, isEmpty, isRequired, readField } from './modal-fields.ts';
import { showModal } from './show-modal.ts';

/** A form from the bot. */
export function modalView(app: App) {
  const { modal, sandbox } = app.state;
  if (!modal || !sandbox) return nothing;
  const { form } = modal.form;
  const close = () => {
    delete app.state.modal;
    app.update();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void submitModal(app, modal.form, event.currentTarget as HTMLElement);
  };
  return html`<dialog class="modal" aria-label=${form.title} ${ref(showModal)} @close=${close}>
    <form @submit=${submit}>
      <header>
        <img src=${avatarOf(sandbox.bot.name)} alt="" width="24" height="24" />
        <h2>${form.title}</h2>
        <button type="button" class="close" aria-label="Close" @click=${close}>×</button>
      </header>
      <div class="fields">
        ${fieldsOf(form).map(
          (field) => html`<div class="modal-field">
            <div class="modal-label">${field.label}${isRequired(field) ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}</div>
            ${field.description ? html`<div class="modal-description">${field.description}</div>` : nothing}
            ${fieldView(field, app.state)}
          </div>`,
        )}
      </div>
      ${modal.problem === undefined ? nothing : html`<div class="problem" role="alert">${modal.problem}</div>`}
      <footer>
        <button type="button" class="secondary" @click=${close}>Cancel</button>
        <button type="submit" class="primary">Submit</button>
      </footer>
    </form>
  </dialog>`;
}

async function submitModal(
  app: App,
  { interactionId, form }: ShownModal,
  element: HTMLElement,
): Promise<void> {
  const missing = fieldsOf(form).find((field) => isRequired(field) && isEmpty(readField(field, element)));
  if (missing) {
    if (app.state.modal) app.state.modal.problem = `${missing.label} is required.`;
    app.update();
    return;
  }
  const files = new Map<string, File>();
  const attach = (file: File) => {
    const name = String(files.size);
    files.set(name, file);
    return { file: name };
  };
  const fields = fieldsOf(form).map((field) => {
    const answer = readField(field, element);
    const values =
      typeof answer === 'object'
        ? answer.map((item) => (item instanceof File ? attach(item) : item))
        : answer;
    return [field.input.custom_id, values] as const;
  });
  const { refused, failed } = await sendAct(
    { kind: 'submit', ...app.state.place, interactionId, fields: Object.fromEntries(fields) },
    files,
  );
  const { modal } = app.state;
  if (modal && refused !== undefined) modal.problem = refused;
  else if (modal && failed !== undefined) modal.problem = 'Something went wrong. Try again.';
  else delete app.state.modal;
  app.update();
}
