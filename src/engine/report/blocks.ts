/** The parts of a report, before they become Markdown or HTML. */

/** A text, code, or words that stand out. Texts hold whatever migrations contain. */
export type Inline = string | { code: string } | { bold: string };

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'paragraph'; parts: readonly Inline[] }
  | { kind: 'list'; items: readonly (readonly Inline[])[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly (readonly Inline[])[])[] }
  | { kind: 'graph'; mermaid: string; svg: string };

/** A message as its author wrote it: what is between backquotes is code. */
export function parseMessage(message: string): Inline[] {
  const parts = message.split('`');
  // A last one without a partner is a character.
  const isOpen = parts.length % 2 === 0;
  const texts = isOpen ? [...parts.slice(0, -2), parts.slice(-2).join('`')] : parts;
  return texts.map((text, index) => (index % 2 === 1 ? { code: text } : text)).filter((part) => part !== '');
}
