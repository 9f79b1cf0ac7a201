/** A picture, and what the model should say about it. */
export interface PictureQuestion {
  readonly instruction: string;
  readonly picture: { readonly mimeType: string; readonly bytes: Uint8Array };
}

/** A text, and what the model should make of it. */
export interface Rewriting {
  readonly instruction: string;
  readonly text: string;
}

/** The only model whose page mentions pictures. */
const SEES = 'gemini-3.5-flash';
/** The service's default (docs: chat/completions). */
const WRITES = 'gpt-5.6-sol';

/** The fields of images/understand (docs: openapi.json, ImageUnderstandingRequest). */
export function understandFields({ instruction, picture: { mimeType, bytes } }: PictureQuestion): object {
  const data = Buffer.from(bytes).toString('base64');
  const parts = [{ text: instruction }, { inline_data: { mime_type: mimeType, data } }];
  return { model: SEES, contents: [{ role: 'user', parts }] };
}

/** The fields of chat/completions. The text is a separate message, so that it doesn't count as the instruction. */
export function chatFields({ instruction, text }: Rewriting): object {
  return {
    model: WRITES,
    messages: [
      { role: 'system', content: instruction },
      { role: 'user', content: text },
    ],
  };
}
