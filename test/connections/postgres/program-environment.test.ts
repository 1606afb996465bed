import { describe, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../../src/connections/driver.js';
import { resolveTarget } from '../../../src/connections/postgres/libpq.js';
import { programEnvironment } from '../../../src/connections/postgres/program-environment.js';

const ours = { PATH: '/bin', HOME: '/nowhere' };

function environmentFor(settings: Partial<DatabaseSettings>, env: NodeJS.ProcessEnv = {}) {
  const full = { ...ours, ...env };
  return programEnvironment(resolveTarget({ driver: 'postgres', ...settings }, full), full);
}

describe("libpq's programs connect as Kat does", () => {
  test('by everything that a URL says', () => {
    const query =
      'sslmode=verify-ca&sslrootcert=/ca.crt&sslcert=/me.crt&sslkey=/me.key&channel_binding=require&connect_timeout=7';
    expect(
      environmentFor({ url: `postgres://ada:s%40fe@db.example.com:6543/shop?${query}&hostaddr=10.0.0.1` }),
    ).toEqual({
      ...ours,
      LC_ALL: 'C',
      PGHOST: 'db.example.com',
      PGHOSTADDR: '10.0.0.1',
      PGPORT: '6543',
      PGUSER: 'ada',
      PGPASSWORD: 's@fe',
      PGDATABASE: 'shop',
      PGSSLMODE: 'verify-ca',
      PGSSLROOTCERT: '/ca.crt',
      PGSSLCERT: '/me.crt',
      PGSSLKEY: '/me.key',
      PGCHANNELBINDING: 'require',
      PGGSSENCMODE: 'disable',
      PGCONNECT_TIMEOUT: '7',
    });
  });

  test('and by nothing that Kat has decided otherwise', () => {
    const env = { PGDATABASE: 'other', PGSSLMODE: 'require', PGAPPNAME: 'x', PGOPTIONS: '-c work_mem=1MB' };
    const environment = environmentFor({ user: 'ada', name: 'shop', sslmode: 'disable' }, env);
    expect(environment).toMatchObject({ PGDATABASE: 'shop', PGSSLMODE: 'disable', PGOPTIONS: env.PGOPTIONS });
    expect(environment).not.toHaveProperty('PGAPPNAME');
    expect(environment).not.toHaveProperty('PGPASSWORD');
    expect(environment).not.toHaveProperty('PGSSLROOTCERT');
  });
});
