/** Makes elements of the page. Texts become text nodes, so nothing in them is markup. */

import type { DrawnElement } from '../shape.js';

type Child = Node | string;

interface ElementOptions {
  class?: string;
  title?: string;
  /** Attributes of other names. */
  attributes?: Readonly<Record<string, string>>;
  onClick?: (event: Event) => void;
}

/** An element of HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  if (options.title !== undefined) made.title = options.title;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  if (options.onClick) made.addEventListener('click', options.onClick);
  made.append(...children);
  return made;
}

export function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  return element('button', { title, attributes: { type: 'button' }, onClick }, label);
}

/** The SVG elements of a shape. */
export function draw({ tag, attributes = {}, children = [] }: DrawnElement): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  for (const child of children) made.append(typeof child === 'string' ? child : draw(child));
  return made;
}
