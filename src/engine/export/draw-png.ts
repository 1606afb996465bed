/** Draws the graph as a PNG picture, by a package that is installed on its own. */

import type { Resvg } from '@resvg/resvg-js';
import { KatError } from '../../errors.js';

/** In pixels: browsers and viewers refuse taller pictures. */
const maxHeight = 32_000;

/**
 * In twice the size of the SVG, as far as the height allows.
 * @throws KatError USAGE where the package is not installed, or the picture would be too tall.
 */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const Renderer = await loadRenderer();
  const { height } = new Renderer(svg);
  if (height > maxHeight) throw tooTall(height);
  const zoom = Math.min(2, maxHeight / height);
  const picture = new Renderer(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: { loadSystemFonts: true },
  });
  return picture.render().asPng();
}

async function loadRenderer(): Promise<typeof Resvg> {
  try {
    return (await import('@resvg/resvg-js')).Resvg;
  } catch (cause) {
    throw new KatError(
      'USAGE',
      'a PNG picture requires the package @resvg/resvg-js, which cannot be loaded',
      {
        help: 'Install it: `npm install @resvg/resvg-js`. Or convert the SVG picture that `kat export --file graph.svg` writes.',
        cause,
      },
    );
  }
}

function tooTall(height: number): KatError {
  return new KatError('USAGE', `the PNG picture would be ${height} pixels tall; the limit is ${maxHeight}`, {
    help: 'Use `--format svg` or `--format html`.',
  });
}
