import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/graph/nearest.js';

describe('nearest', () => {
  it.each([
    ['tabelname', 'tablename'],
    ['tablname', 'tablename'],
    ['tablenamee', 'tablename'],
    ['tableneme', 'tablename'],
    ['TABLENAME', 'tablename'],
    ['table', 'tablename'],
    ['my_tablename', 'tablename'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['directory', 'tablename', 'verbose'])).toEqual([meant]);
  });

  it('finds nothing where nothing is close', () => {
    expect(nearest('zebra', ['directory', 'tablename', 'verbose'])).toEqual([]);
    expect(nearest('a', ['directory'])).toEqual([]);
  });

  it('puts the best first, mistakes before parts, and stops at the number asked for', () => {
    const candidates = ['create_users_table', 'create_user', 'create_uses', 'create_users'];
    expect(nearest('create_users', candidates, 4)).toEqual(['create_users', 'create_user', 'create_uses']);
    expect(nearest('users_table', ['users', 'users_tables', 'create_users_table'])).toEqual(['users_tables']);
    expect(nearest('create_users', candidates, 2)).toEqual(['create_users', 'create_user']);
    expect(nearest('seed', ['seed_a', 'seed_b', 'seed_c', 'seed_d'])).toEqual(['seed_a', 'seed_b', 'seed_c']);
  });

  it('counts a swap of neighbours as one mistake', () => {
    expect(nearest('teh', ['the'])).toEqual(['the']);
  });
});
