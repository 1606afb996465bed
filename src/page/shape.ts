/** SVG elements as data: Kat and the page's script draw the same ones, without a text in between that could be misread. */

export interface DrawnElement {
  tag: string;
  attributes?: Readonly<Record<string, string | number>>;
  children?: readonly (DrawnElement | string)[];
}

export function shape(
  tag: string,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (DrawnElement | string)[] = [],
): DrawnElement {
  return { tag, attributes, children };
}
