import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexLines, indexOfCharacter, indexPlaces, locate } from '../../src/sql/syntax/position.js';

const text = 'a😀b\r\n\ncd\re';

describe('indexLines', () => {
  it.each([
    [0, 1, 1, 'a😀b'],
    [1, 1, 2, 'a😀b'],
    [3, 1, 3, 'a😀b'],
    [4, 1, 4, 'a😀b'],
    [6, 2, 1, ''],
    [7, 3, 1, 'cd'],
    [8, 3, 2, 'cd'],
    [10, 4, 1, 'e'],
    [11, 4, 2, 'e'],
    [99, 4, 2, 'e'],
    [-1, 1, 1, 'a😀b'],
  ])('puts index %i into line %i, column %i', (index, line, column, sourceLine) => {
    expect(indexLines(text)(index)).toEqual({ line, column, sourceLine });
  });

  it('agrees with counting from the beginning, in whatever order it is asked', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '😀', 'é', '\n', '\r\n', '\r', ' ') });
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(30)), (random, indices) => {
        const positionOf = indexLines(random);
        const boundaries = [0];
        for (const character of random) boundaries.push((boundaries.at(-1) ?? 0) + character.length);
        for (const wanted of indices) {
          const index = boundaries[wanted % boundaries.length] ?? 0;
          const before = random.slice(0, index).split(/\r\n|\r(?!$)|\n/);
          const isInsideLineEnd = random[index - 1] === '\r';
          fc.pre(!isInsideLineEnd);
          const { line, column } = positionOf(index);
          expect({ line, column }).toEqual({
            line: before.length,
            column: [...(before.at(-1) ?? '')].length + 1,
          });
        }
      }),
    );
  });
});

describe('indexPlaces', () => {
  it('answers a hundred thousand questions about one long line', () => {
    const long = 'select 1; '.repeat(100_000);
    const placeOf = indexPlaces(long);
    let column = 0;
    for (let index = 0; index < long.length; index += 10) column = placeOf(index).column;
    expect(column).toBe(999_991);
    expect(indexLines(long)(500_000)).toMatchObject({ line: 1, column: 500_001, sourceColumn: 201 });
  });
});

describe('locate', () => {
  it('names the file too', () => {
    expect(locate(text, 8, 'up.sql')).toEqual({ file: 'up.sql', line: 3, column: 2, sourceLine: 'cd' });
  });
});

describe('indexOfCharacter', () => {
  it('counts an emoji once where JavaScript counts it twice', () => {
    expect([1, 2, 3, 4, 5].map((position) => indexOfCharacter(text, position))).toEqual([0, 1, 3, 4, 5]);
    expect(indexOfCharacter(text, 99)).toBe(text.length);
  });
});
