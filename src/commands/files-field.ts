import { type APILabelComponent, ComponentType, type ModalSubmitFields } from 'discord.js';
import type { Attachment } from '../services/request/request.ts';
import type { Text } from './text/index.ts';

/** Discord's limit for one file upload (docs: components/reference). */
const FILES_MAX = 10;

/** The references of a request. When a person attaches others, these are replaced, or stay. */
export interface References {
  readonly given: number;
  readonly stay: boolean;
}

/** The field's name tells what its files do, so that the answer is clear, however long the form was open. */
const NAMES = { replacing: 'references', adding: 'more-references' } as const;

/** Asks for reference images, and tells whether they replace the existing ones. */
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
      // Discord only checks the file extension; the bot checks the files anyway.
      file_types: ['image'],
    },
  };
}

/** The files of a form, and whether the existing references stay. */
export function filesIn(fields: ModalSubmitFields): { files: Attachment[]; stay: boolean } {
  const added = attachmentsIn(fields, NAMES.adding);
  const files = [...added, ...attachmentsIn(fields, NAMES.replacing)].slice(0, FILES_MAX);
  return { files, stay: added.length > 0 || files.length === 0 };
}

function attachmentsIn(fields: ModalSubmitFields, name: string): Attachment[] {
  const field = fields.fields.get(name);
  if (!field || !('attachments' in field)) return [];
  // In the order in which the person chose them.
  return field.values.flatMap((id) => {
    const found = field.attachments.get(id);
    return found
      ? { name: found.name, url: found.url, size: found.size, contentType: found.contentType }
      : [];
  });
}
