/** What becomes of text from outside before anybody reads it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outsideText, printable, printableJson, printableLine } from '../src/outside-text.js';
import { maskSecrets, rememberSecret } from '../src/secrets.js';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('printable', () => {
  test.each([
    ['\u001b[31mred', String.raw`\x1b[31mred`],
    ['\u009b2J', String.raw`\x9b2J`],
    ['title\u0007\u0008\u007f\0', String.raw`title\x07\x08\x7f\x00`],
    ['over\rwritten', String.raw`over\x0dwritten`],
    ['one\r\ntwo\tthree', 'one\ntwo\tthree'],
    ['abc\u202efed\u2066', String.raw`abc\u202efed\u2066`],
    ['in\u200bvisible\ufeff\u{e0041}', String.raw`in\u200bvisible\ufeff\u{e0041}`],
    ['half \ud800', String.raw`half \ud800`],
    ['👩\u200d🚀 naïve 日本', '👩\u200d🚀 naïve 日本'],
    ['::error::x', String.raw`\::error::x`],
    ['a\n \u00a0::add-mask::x', 'a\n \u00a0\\::add-mask::x'],
    ['SELECT 1::int', 'SELECT 1::int'],
    ['a ##[error]b ##vso[task.x]c ##teamcity[x]', String.raw`a #\#[error]b #\#vso[task.x]c #\#teamcity[x]`],
  ])('%j is shown as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('no text makes a terminal or a CI service do anything, and a second time changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(shown).not.toMatch(/^\s*::/m);
        expect(printable(shown)).toBe(shown);
        expect(printableLine(text)).not.toMatch(/[\r\n]/);
      }),
    );
  });

  test('a JSON text has no such character, and the same values', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const json = printableJson(JSON.stringify(value, null, 2));
        expect(json).not.toMatch(/(?!\n|\u200c|\u200d)[\p{Cc}\p{Cf}]/u);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('a long text is cut, and says by how much', () => {
  expect(outsideText('x'.repeat(4_000))).toHaveLength(4_000);
  const cut = outsideText('x'.repeat(1_000_000));
  expect(cut).toMatch(/^x+… \(\d+ more characters\)$/);
  expect(cut.length).toBeLessThanOrEqual(4_000);
  const [kept = ''] = /^x+/.exec(cut) ?? [];
  expect(cut).toContain(`(${1_000_000 - kept.length} more characters)`);
  expect(outsideText(cut)).toBe(cut);
});

describe('secrets', () => {
  test.each([
    ['postgres://app:s3cr3t@db/shop', 'postgres://app:***@db/shop'],
    ['postgres://app:a:"b\'@c@db', 'postgres://app:***@db'],
    ['/home/me/postgres:/app:s3cr3t@db', '/home/me/postgres:/app:***@db'],
    ['no schema "app:s3cr3t@db/shop"', 'no schema "app:***@db/shop"'],
    ['/home/me/app:s3:c@r3t@db.example.com:5432', '/home/me/app:***@db.example.com:5432'],
    ["--on='//app:s3cr3t@[::1]/shop'", "--on='//app:***@[::1]/shop'"],
    ['app:s3cr3t@db?sslmode=require', 'app:***@db?sslmode=require'],
    ['mailto:ada@example.com, npm:pg@8.1.0, 10:15@noon', 'mailto:ada@example.com, npm:pg@8.1.0, 10:15@noon'],
    ['C:\\Users\\ada@corp:3 x:=@y/2 z::t@u/3', 'C:\\Users\\ada@corp:3 x:=@y/2 z::t@u/3'],
    ['postgres%3A%2F%2Fapp%3As3cr3t%40db', 'postgres%3A%2F%2Fapp%3A***%40db'],
    ['database "shop?password=s3cr3t" does not exist', 'database "shop?password=***" does not exist'],
    ["host=h password='a b' user=u", 'host=h password=*** user=u'],
    ['?sslpassword%3Ds3cr3t&x', '?sslpassword%3D***&x'],
    ["ALTER ROLE a PASSWORD 'it''s' LOGIN", "ALTER ROLE a PASSWORD '***' LOGIN"],
    ["EXECUTE 'ALTER ROLE a PASSWORD ''s3cr3t''' USING 1", "EXECUTE 'ALTER ROLE a PASSWORD '***'' USING 1"],
    ["E'E''PASSWORD ''''it''''''''s'''' LOGIN'", "E'E''PASSWORD '***' LOGIN'"],
    ["dblink('password=''s3\\''c r3t'' user=x')", "dblink('password=*** user=x')"],
    ["PASSWORD E'a\\'s3cr3t' LOGIN", "PASSWORD '***' LOGIN"],
    [
      "PASSWORD'a'; PASSWORD /* new */ U&'b'; PASSWORD $x$c$x$",
      "PASSWORD'***'; PASSWORD /* new */ '***'; PASSWORD '***'",
    ],
    ["PASSWORD '' VALID UNTIL 'infinity'", "PASSWORD '***' VALID UNTIL 'infinity'"],
    ["ALTER ROLE a PASSWORD 's3cr", "ALTER ROLE a PASSWORD '***'"],
    ['{"user": "a", "password": "s3\\"cr3t", "x": 1}', '{"user": "a", "password": "***", "x": 1}'],
    [
      "f(password => 's3cr3t', sslpassword := 'x', user => 'a')",
      "f(password => '***', sslpassword := '***', user => 'a')",
    ],
    ["SET password = 's3cr3t' WHERE id = 1", "SET password = '***' WHERE id = 1"],
    ["EXECUTE 'ALTER ROLE a PASSWORD ' || quote_literal('s3;cret')", "EXECUTE 'ALTER ROLE a PASSWORD '***')"],
    [
      "'ALTER ROLE a PASSWORD ''' || 's3cret' || ''''; SELECT 'x'",
      "'ALTER ROLE a PASSWORD '***'; SELECT 'x'",
    ],
    [
      "concat('ALTER ROLE a PASSWORD ', quote_literal($x$s3cret$x$))",
      "concat('ALTER ROLE a PASSWORD '***'))",
    ],
    ["format('ALTER ROLE %I PASSWORD %2$L; x', 'a', 's3cret')", "format('ALTER ROLE %I PASSWORD '***')"],
    ["format('ALTER ROLE a PASSWORD ''%s''', 's3cret')", "format('ALTER ROLE a PASSWORD '***')"],
    ["format('host=h password=%s', 's3cret')", "format('host=h password=***)"],
    ["PASSWORD '%s3cret'; SELECT 1", "PASSWORD '***'; SELECT 1"],
    [
      "EXECUTE 'ALTER ROLE a PASSWORD ' || word; SELECT 'x'",
      "EXECUTE 'ALTER ROLE a PASSWORD ' || word; SELECT 'x'",
    ],
    [
      "format('ALTER ROLE a PASSWORD %L', word); SELECT 'x'",
      "format('ALTER ROLE a PASSWORD %L', word); SELECT 'x'",
    ],
    ["dblink('host=h password = hunter2 user = x')", "dblink('host=h password = *** user = x')"],
    ["dblink('password = hunter2')", "dblink('password = ***')"],
    ["'password=pa;ss,x)&y\\ z user=x'", "'password=*** user=x'"],
    ["RAISE 'wrong password'; SELECT 'x'", "RAISE 'wrong password'; SELECT 'x'"],
    ['password text NOT NULL', 'password text NOT NULL'],
    ['UPDATE u SET a = 1, password = crypt(b)', 'UPDATE u SET a = 1, password = crypt(b)'],
    ["SET password = crypt(a), password_hash = 'b'", "SET password = crypt(a), password_hash = 'b'"],
    ['column "password" of relation "users"', 'column "password" of relation "users"'],
    ['the file "/etc/passwd" is missing', 'the file "/etc/passwd" is missing'],
    ["no key 'db.password', or 'x'", "no key 'db.password', or 'x'"],
    ['no name "my password", or "x"', 'no name "my password", or "x"'],
    ['password authentication failed for user "a"', 'password authentication failed for user "a"'],
    ['postgres://localhost:5432/shop', 'postgres://localhost:5432/shop'],
  ])('%s is shown as %s', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });

  test('a password that was used is hidden wherever it stands, also where a text is cut', () => {
    rememberSecret('Xy-7 kq');
    expect(maskSecrets('user Xy-7 kq, Xy-7%20kq')).toBe('user ***, ***');
    for (let before = 3_900; before < 4_000; before += 1) {
      const text = `${'a'.repeat(before)}Xy-7 kq${'b'.repeat(100)}`;
      expect(outsideText(text)).not.toMatch(/Xy|kq/);
    }
  });

  test.each(['/a:', '=a:b@', 'a://b:', 'a.'])('a long text of %s takes no time', (part) => {
    const text = part.repeat(200_000);
    expect(maskSecrets(text)).toBe(text);
  });

  test('words of everyday and what may be seen are not hidden', () => {
    rememberSecret('postgres');
    rememberSecret('shopkeeper', ['shopkeeper']);
    rememberSecret('x');
    expect(maskSecrets('postgres shopkeeper x')).toBe('postgres shopkeeper x');
  });
});
