/** The part of a line that an error shows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLocation } from '../src/cli/output/excerpt.js';
import { locateInConfig } from '../src/project/config/config-excerpt.js';
import { locateOffset } from '../src/project/source-text.js';
import { cutLine } from '../src/source-line.js';
import { locate } from '../src/sql/syntax/position.js';

test('a short line is whole', () => {
  expect(cutLine('one\ntwo\nthree', { start: 4, end: 7 }, 5)).toEqual({ sourceLine: 'two' });
});

test('of a long line the part around the place, whose column points to the same character', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '😀'), minLength: 300, maxLength: 900 });
  fc.assert(
    fc.property(line, fc.nat(899), (text, character) => {
      const characters = [...text];
      const index = characters.slice(0, character).join('').length;
      for (const location of [
        locate(`x\n${text}\ny`, index + 2, 'f'),
        locateOffset('f', `x\n${text}\ny`, index + 2),
      ]) {
        const { line: number, column, sourceLine, sourceColumn = column } = location;
        expect([number, column]).toEqual([2, Math.min(character, characters.length) + 1]);
        expect(sourceLine.length).toBeLessThanOrEqual(401);
        expect([...sourceLine][sourceColumn - 1]).toBe(characters[character]);
      }
    }),
  );
});

test.each([0, 1, 2])(
  'the last character is shown where the cut would split a character, %i units off',
  (shift) => {
    const text = `${'a'.repeat(300)}😀${'a'.repeat(395 + shift)}😀`;
    const characters = [...text];
    for (const fromEnd of [1, 2, 200, 201, 202]) {
      const index = characters.slice(0, -fromEnd).join('').length;
      const { sourceLine, sourceColumn = 0 } = locate(text, index, 'f');
      expect([...sourceLine][sourceColumn - 1]).toBe(characters.at(-fromEnd));
    }
  },
);

test('the caret stays below the character in a line of ten megabytes', () => {
  const text = `${'x'.repeat(10_000_000)}!${'y'.repeat(1_000)}`;
  const [place, shown = '', caret = ''] = formatLocation(locate(text, 10_000_000, '/f'), '/');
  expect(place).toBe('f:1:10000001');
  expect(shown[caret.indexOf('^')]).toBe('!');
  expect(shown.length).toBeLessThan(120);
});

describe('no part of a password is shown', () => {
  const line = `CREATE ROLE reporting_application_user WITH LOGIN NOINHERIT PASSWORD 'SuperSecret''Word' CONNECTION LIMIT 10 NOSUCHOPTION ${'x '.repeat(300)}`;

  test.each([line.trimEnd(), line.slice(0, 130)])('wherever the place is', (text) => {
    for (let index = 0; index < 130; index += 1) {
      const location = locate(text, index, '/f');
      const [place, shown = '', caret = ''] = formatLocation(location, '/');
      expect(place).toBe(`f:1:${index + 1}`);
      expect(location.sourceLine + shown).not.toMatch(/Super|Secret|Word'/);
      if (!isWithin(text, index)) expect(shown[caret.indexOf('^')]).toBe(text[index]);
    }
  });

  function isWithin(text: string, index: number): boolean {
    return index >= text.indexOf("'") && index < text.indexOf(' CONNECTION');
  }

  test('whose name is in another line', () => {
    const text = "ALTER ROLE a PASSWORD\n\t'SuperSecret' LOGIN;\nSELECT 'x';";
    expect(locate(text, text.indexOf('LOGIN'), '/f')).toMatchObject({
      ...{ line: 2, column: 16, sourceLine: "\t'***' LOGIN;", sourceColumn: 8 },
    });
    expect(locate(text, text.indexOf('x'), '/f')).toMatchObject({ sourceLine: "SELECT 'x';" });
    expect(locate(text, 0, '/f')).toMatchObject({ sourceLine: 'ALTER ROLE a PASSWORD' });
  });

  test('that has several lines', () => {
    const text = 'ALTER ROLE a PASSWORD $$Super\nSecret\nWord$$ LOGIN;';
    const shown = [5, 32, 38, 49].map((index) => locate(text, index, '/f').sourceLine);
    expect(shown).toEqual(["ALTER ROLE a PASSWORD '***'", "'***'", "'***' LOGIN;", "'***' LOGIN;"]);
  });

  test('in the config file either, and the caret stays within what is shown', () => {
    const text = `database:\n  password: "SuperSecret", x\n`;
    const location = locateInConfig('/f', text, text.indexOf(', x'));
    const [, shown = '', caret = ''] = formatLocation(location, '/');
    expect(shown).not.toContain('Super');
    expect(caret.indexOf('^')).toBeLessThan(shown.length);
  });
});
