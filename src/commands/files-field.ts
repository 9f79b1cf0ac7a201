import { type APILabelComponent, ComponentType, type ModalSubmitFields } from 'discord.js';
import type { Attachment } from '../services/request/request.ts';
import type { Text } from './text/index.ts';

/** Discord's limit for one file upload (docs: components/reference). */
const FILES_MAX = 10;

/** What becomes of the references that a request has once a person attaches others: they give way, or stay. */
export interface References {
  readonly given: number;
  readonly stay: boolean;
}

/** Named by what its files do, so that an answer says it, however long the form was open. */
const NAMES = { replacing: 'references', adding: 'more-references' } as const;

/** Asks for reference images, and says what becomes of those that there are. */
export function filesField({ given, stay }: References, { modal }: Text): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: stay ? modal.moreReferences : modal.references,
    description: stay ? modal.added(given) : given > 0 ? modal.replaced(given) : modal.attached,
    component: {
      type: ComponentType.FileUpload,
      custom_id: stay ? NAMES.adding : NAMES.replacing,
      required: false,
      min_values: 0,
      max_values: stay ? Math.max(1, FILES_MAX - given) : FILES_MAX,
      // Discord goes by the name's ending alone; what comes is checked all the same.
      file_types: ['image'],
    },
  };
}

/** The files that came with a form, and whether they come besides the references that there were. */
export function filesIn(fields: ModalSubmitFields): { files: Attachment[]; stay: boolean } {
  const added = attachmentsIn(fields, NAMES.adding);
  const files = [...added, ...attachmentsIn(fields, NAMES.replacing)].slice(0, FILES_MAX);
  return { files, stay: added.length > 0 || files.length === 0 };
}

function attachmentsIn(fields: ModalSubmitFields, name: string): Attachment[] {
  const field = fields.fields.get(name);
  if (!field || !('attachments' in field)) return [];
  // In the order in which they were chosen.
  return field.values.flatMap((id) => {
    const found = field.attachments.get(id);
    return found
      ? { name: found.name, url: found.url, size: found.size, contentType: found.contentType }
      : [];
  });
}
