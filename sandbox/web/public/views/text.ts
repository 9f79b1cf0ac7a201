import { html, type TemplateResult } from 'lit';
import type { TextNode } from '../../protocol.ts';
import type { State } from '../state.ts';
import { styledTime } from '../times.ts';

type Drawn = TemplateResult | string | Drawn[];

/** A text's markdown with Discord's own elements. */
export function textView(nodes: readonly TextNode[], state: State): Drawn[] {
  return nodes.map((node) => drawNode(node, state));
}

/** The same text without formatting. */
export function plainText(nodes: readonly TextNode[]): string {
  return nodes
    .map(({ content, name, type }) => {
      if (typeof content === 'string') return content;
      if (content) return plainText(content);
      return type === 'br' ? ' ' : typeof name === 'string' ? name : '';
    })
    .join('');
}

function drawNode(node: TextNode, state: State): Drawn {
  const draw = FORMATS[node.type] ?? MENTIONS[node.type];
  return draw ? draw(node, state) : inside(node, state);
}

function inside({ content = '' }: TextNode, state: State): Drawn {
  return typeof content === 'string' ? content : textView(content, state);
}

type Draw = (node: TextNode, state: State) => Drawn;

const FORMATS: Record<string, Draw> = {
  br: () => html`<br>`,
  strong: (node, state) => html`<discord-bold>${inside(node, state)}</discord-bold>`,
  em: (node, state) => html`<discord-italic>${inside(node, state)}</discord-italic>`,
  underline: (node, state) => html`<discord-underlined>${inside(node, state)}</discord-underlined>`,
  strikethrough: (node, state) => html`<s>${inside(node, state)}</s>`,
  spoiler: (node, state) => html`<discord-spoiler tabindex="0">${inside(node, state)}</discord-spoiler>`,
  inlineCode: (node, state) => html`<discord-code>${inside(node, state)}</discord-code>`,
  codeBlock: (node, state) => html`<discord-code multiline>${inside(node, state)}</discord-code>`,
  blockQuote: (node, state) => html`<discord-quote>${inside(node, state)}</discord-quote>`,
  subtext: (node, state) => html`<discord-subscript>${inside(node, state)}</discord-subscript>`,
  heading: (node, state) =>
    html`<discord-header level=${Number(node.level)}>${inside(node, state)}</discord-header>`,
  link: linkView,
  url: linkView,
  autolink: linkView,
  twemoji: ({ name }) => String(name),
  emoji: ({ name }) => `:${name}:`,
  timestamp: ({ timestamp, format }, { clockAheadMs, place }) => {
    const at = Number(timestamp) * 1000;
    const now = Date.now() + clockAheadMs;
    const style = typeof format === 'string' ? format : 'f';
    const title = styledTime(at, 'F', now, place.locale);
    return html`<discord-time title=${title}>${styledTime(at, style, now, place.locale)}</discord-time>`;
  },
};

const MENTIONS: Record<string, Draw> = {
  user: ({ id }, { sandbox }) => {
    const person = [...(sandbox?.people ?? []), ...(sandbox ? [sandbox.bot] : [])].find(
      (one) => one.id === id,
    );
    return html`<discord-mention type="user">${person?.name ?? 'unknown-user'}</discord-mention>`;
  },
  role: ({ id }, { sandbox }) => {
    const role = sandbox?.roles.find((one) => one.id === id);
    return html`<discord-mention type="role">${role?.name ?? 'deleted-role'}</discord-mention>`;
  },
  channel: ({ id }, { sandbox }) => {
    const channel = sandbox?.channels.find((one) => one.id === id);
    return html`<discord-mention type="channel">${channel?.name ?? 'unknown'}</discord-mention>`;
  },
  everyone: () => html`<discord-mention type="role">everyone</discord-mention>`,
  here: () => html`<discord-mention type="role">here</discord-mention>`,
  slashCommand: ({ fullName }) => html`<discord-mention type="slash">${fullName}</discord-mention>`,
};

function linkView(node: TextNode, state: State): Drawn {
  const target = String(node.target ?? '');
  // Only http(s) links are kept, so that a click never runs code.
  if (!/^https?:\/\//.test(target)) return inside(node, state);
  return html`<discord-link href=${target} target="_blank" rel="noopener noreferrer"
    >${inside(node, state)}</discord-link
  >`;
}
