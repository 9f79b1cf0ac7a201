import { Hono } from 'hono';
import { okAnswer } from '../answers.ts';
import type { RecordingEnv } from '../recording.ts';
import { type Reference, readReferences } from '../references.ts';
import {
  type ChatRequest,
  chatRequest,
  parseToolRequest,
  type UnderstandRequest,
  understandRequest,
} from './rules.ts';
import { createServe, type ToolDependencies } from './serve.ts';

/** Invented; the real ones go by the tokens of question and answer. */
const COINS = { understand: 0.004, chat: 0.002 };

/** Under /api/open-api/v1: the tools that answer with text. */
export function createTextRoutes(dependencies: ToolDependencies) {
  const { readFile } = dependencies;
  const serve = createServe(dependencies);
  const routes = new Hono<RecordingEnv>();

  routes.post('/images/understand', async (context) => {
    const request = parseToolRequest(understandRequest, context.var.record.body);
    const { origin } = new URL(context.req.url);
    const images = await readReferences(imagesIn(request), { origin, readFile });
    return serve(context, {
      tool: 'understand',
      request,
      coins: COINS.understand,
      make: async () => null,
      answer: () => okAnswer({ candidates: [candidate(descriptionOf(images))] }),
    });
  });

  // A success is OpenAI's bare completion, a refusal the service's own envelope (docs: chat/completions).
  routes.post('/chat/completions', (context) => {
    const request = parseToolRequest(chatRequest, context.var.record.body);
    return serve(context, {
      tool: 'chat',
      request,
      coins: COINS.chat,
      make: async () => null,
      answer: ({ id }) => completion(id, request),
    });
  });

  return routes;
}

function imagesIn({ contents }: UnderstandRequest): string[] {
  const parts = contents.flatMap((content) => content.parts);
  return parts.flatMap((part) =>
    'inline_data' in part ? `data:${part.inline_data.mime_type};base64,${part.inline_data.data}` : [],
  );
}

function descriptionOf(images: readonly Reference[]): string {
  const sizes = images.map(({ width, height }) => `${width} × ${height}`).join(' and ');
  return `A landscape of ${sizes} pixels, soft evening light, *fine* detail`;
}

function candidate(text: string): object {
  return { index: 0, content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' };
}

function completion(id: string, { model, messages }: ChatRequest): object {
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const content = `${asked.trim()}, golden hour, shallow depth of field, film grain`;
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 200, completion_tokens: 40, total_tokens: 240 },
  };
}
