/** Changes of a SQLite schema with what a comparison must find, and texts that mean the same schema. */

/** Two databases. */
export interface SqliteMutation {
  before: string;
  after: string;
  /** As `summarize` writes them; none where the schemas are the same. */
  found: readonly string[];
}

const mutation = (before: string, after: string, ...found: string[]): SqliteMutation => ({
  before,
  after,
  found,
});

const t = (body: string, options = '') => `CREATE TABLE t (${body}) ${options};`;
const column = (before: string, after: string, property: string) =>
  mutation(t(`a ${before}`), t(`a ${after}`), `changed column t.a: ${property}`);
const parents =
  'CREATE TABLE p (id INTEGER PRIMARY KEY, b INT UNIQUE); CREATE TABLE q (id INTEGER PRIMARY KEY);';
const foreign = (before: string, after: string) =>
  mutation(
    `${parents}${t(`a INT REFERENCES ${before}`)}`,
    `${parents}${t(`a INT REFERENCES ${after}`)}`,
    'changed constraint FOREIGN KEY (a) on t: definition',
  );
const index = (before: string, after: string, ...properties: string[]) =>
  mutation(
    `${t('a INT, b TEXT')} CREATE ${before}`,
    `${t('a INT, b TEXT')} CREATE ${after}`,
    `changed index i: ${properties.join(', ')}`,
  );
const trigger = (before: string, after: string) =>
  mutation(
    `${t('a INT, b INT')} CREATE TRIGGER g ${before}`,
    `${t('a INT, b INT')} CREATE TRIGGER g ${after}`,
    'changed trigger g on t: definition',
  );
const view = (before: string, after: string) =>
  mutation(
    `${t('a INT, b INT')} CREATE VIEW v ${before}`,
    `${t('a INT, b INT')} CREATE VIEW v ${after}`,
    'changed view v: definition',
  );
const insertion = 'ON t BEGIN INSERT INTO t (a) VALUES (1); END';

export const sqliteMutations: readonly SqliteMutation[] = [
  mutation('', t('a INT'), 'added table t'),
  mutation(t('a INT'), '', 'removed table t'),
  mutation(t('a INT'), 'CREATE TABLE T2 (a INT);', 'removed table t', 'added table T2'),
  mutation(
    t('a'),
    t('a', 'STRICT').replace('a', 'a INT'),
    'changed table t: strict',
    'changed column t.a: type',
  ),
  mutation(
    t('a INT NOT NULL PRIMARY KEY'),
    t('a INT PRIMARY KEY', 'WITHOUT ROWID'),
    'changed table t: withoutRowid',
  ),
  mutation(t('a INT'), t('a INT, b INT'), 'added column t.b'),
  mutation(t('a INT, b INT'), `${t('a INT, b INT')} ALTER TABLE t DROP COLUMN b`, 'removed column t.b'),
  mutation(
    t('a INT'),
    `${t('a INT')} ALTER TABLE t RENAME COLUMN a TO c`,
    'removed column t.a',
    'added column t.c',
  ),
  column('INT', 'INTEGER', 'type'),
  column('VARCHAR(10)', 'VARCHAR(20)', 'type'),
  column('', 'TEXT', 'type'),
  column('INT', 'INT NOT NULL', 'notNull'),
  column('INT NOT NULL', 'INT NOT NULL ON CONFLICT REPLACE', 'notNull'),
  column('INT', 'INT DEFAULT 1', 'default'),
  column('INT DEFAULT 1', 'INT DEFAULT 2', 'default'),
  column('INT DEFAULT 1', 'INT DEFAULT -1', 'default'),
  column("TEXT DEFAULT 'a'", "TEXT DEFAULT 'A'", 'default'),
  column("TEXT DEFAULT 'a b'", "TEXT DEFAULT 'a  b'", 'default'),
  column("TEXT DEFAULT (datetime('now'))", "TEXT DEFAULT (date('now'))", 'default'),
  column('TEXT DEFAULT CURRENT_TIME', 'TEXT DEFAULT CURRENT_DATE', 'default'),
  column('TEXT', 'TEXT COLLATE NOCASE', 'collation'),
  column('TEXT COLLATE RTRIM', 'TEXT COLLATE NOCASE', 'collation'),
  column('INTEGER PRIMARY KEY', 'INTEGER PRIMARY KEY AUTOINCREMENT', 'autoincrement'),
  mutation(t('a INT, b INT AS (a + 1)'), t('a INT, b INT AS (a + 2)'), 'changed column t.b: generated'),
  mutation(t('a INT, b INT AS (a)'), t('a INT, b INT AS (a) STORED'), 'changed column t.b: generated'),
  mutation(t('a INT, b INT'), t('a INT, b INT GENERATED ALWAYS AS (a)'), 'changed column t.b: generated'),
  mutation(t('key TEXT'), t('key TEXT COLLATE NOCASE'), 'changed column t."key": collation'),
  mutation(t('a INT'), t('a INT PRIMARY KEY'), 'added constraint PRIMARY KEY (a) on t'),
  mutation(
    t('a INT, b INT, PRIMARY KEY (a)'),
    t('a INT, b INT, PRIMARY KEY (a, b)'),
    ...['removed constraint PRIMARY KEY (a) on t', 'added constraint PRIMARY KEY (a, b) on t'],
  ),
  mutation(
    t('a INT, b INT, PRIMARY KEY (a, b)'),
    t('a INT, b INT, PRIMARY KEY (b, a)'),
    ...['removed constraint PRIMARY KEY (a, b) on t', 'added constraint PRIMARY KEY (b, a) on t'],
  ),
  mutation(
    t('a INTEGER PRIMARY KEY DESC'),
    t('a INTEGER, PRIMARY KEY (a DESC)'),
    'changed column t.a: descendingKey',
  ),
  mutation(t('a INT'), t('a INT UNIQUE'), 'added constraint UNIQUE (a) on t'),
  mutation(
    t('a INT UNIQUE'),
    t('a INT UNIQUE ON CONFLICT IGNORE'),
    'changed constraint UNIQUE (a) on t: conflict',
  ),
  mutation(
    t('a INT, UNIQUE (a)'),
    t('a INT, UNIQUE (a COLLATE NOCASE)'),
    ...['removed constraint UNIQUE (a) on t', 'added constraint UNIQUE (a COLLATE NOCASE) on t'],
  ),
  mutation(t('a INT'), t('a INT CHECK (a > 0)'), 'added constraint CHECK (a > 0) on t'),
  mutation(
    t('a INT CHECK (a > 0)'),
    t('a INT CHECK (a >= 0)'),
    ...['removed constraint CHECK (a > 0) on t', 'added constraint CHECK (a >= 0) on t'],
  ),
  mutation(
    t("a INT, CONSTRAINT c CHECK (a IN ('x'))"),
    t("a INT, CONSTRAINT c CHECK (a IN ('X'))"),
    'changed constraint c on t: definition',
  ),
  mutation(
    t('a INT CHECK (a > 0)'),
    t('a INT CONSTRAINT c CHECK (a > 0)'),
    ...['removed constraint CHECK (a > 0) on t', 'added constraint c on t'],
  ),
  mutation(
    `${parents}${t('a INT')}`,
    `${parents}${t('a INT REFERENCES p')}`,
    'added constraint FOREIGN KEY (a) on t',
  ),
  foreign('p', 'q'),
  foreign('p (id)', 'p (b)'),
  foreign('p', 'p ON DELETE CASCADE'),
  foreign('p ON DELETE CASCADE', 'p ON DELETE SET NULL'),
  foreign('p', 'p ON UPDATE SET DEFAULT'),
  foreign('p', 'p DEFERRABLE INITIALLY DEFERRED'),
  mutation(
    `${parents}${t('a INT REFERENCES p')}`,
    `${parents}${t('a INT REFERENCES p REFERENCES q')}`,
    'added constraint FOREIGN KEY (a) REFERENCES q on t',
  ),
  mutation(t('a INT'), `${t('a INT')} CREATE INDEX i ON t (a)`, 'added index i'),
  index('INDEX i ON t (a)', 'UNIQUE INDEX i ON t (a)', 'unique'),
  index('INDEX i ON t (a)', 'INDEX i ON t (a, b)', 'columns'),
  index('INDEX i ON t (a, b)', 'INDEX i ON t (b, a)', 'columns'),
  index('INDEX i ON t (a)', 'INDEX i ON t (a DESC)', 'columns'),
  index('INDEX i ON t (b)', 'INDEX i ON t (b COLLATE NOCASE)', 'columns'),
  index('INDEX i ON t (lower(b))', 'INDEX i ON t (upper(b))', 'columns'),
  index('INDEX i ON t (a)', 'INDEX i ON t (a) WHERE a > 0', 'where'),
  index('INDEX i ON t (a) WHERE a > 0', 'INDEX i ON t (a) WHERE a > 1', 'where'),
  mutation(
    t('a INT, b INT'),
    `${t('a INT, b INT')} CREATE TRIGGER g AFTER INSERT ${insertion}`,
    'added trigger g on t',
  ),
  trigger(`AFTER INSERT ${insertion}`, `BEFORE INSERT ${insertion}`),
  trigger(`AFTER INSERT ${insertion}`, `AFTER DELETE ${insertion}`),
  trigger(`AFTER UPDATE OF a ${insertion}`, `AFTER UPDATE OF b ${insertion}`),
  trigger(`AFTER INSERT ${insertion}`, `AFTER INSERT ${insertion.replace('ON t', 'ON t WHEN new.a > 1')}`),
  trigger(`AFTER INSERT ${insertion}`, `AFTER INSERT ${insertion.replace('(1)', '(2)')}`),
  mutation(t('a INT'), `${t('a INT')} CREATE VIEW v AS SELECT a FROM t`, 'added view v'),
  view('AS SELECT a FROM t', 'AS SELECT b FROM t'),
  view('AS SELECT a FROM t', 'AS SELECT a AS A FROM t'),
  view('(a) AS SELECT a FROM t', '(x) AS SELECT a FROM t'),
  view("AS SELECT x'00' AS a", "AS SELECT x '00'"),
  mutation(
    'CREATE VIRTUAL TABLE d USING fts5 (body)',
    'CREATE VIRTUAL TABLE d USING fts5 (body, title)',
    'changed table d: using',
  ),
];

const same = (before: string, after: string) => mutation(before, after);

export const sameSqliteSchemas: readonly SqliteMutation[] = [
  same(t('a INT, b TEXT'), 'create table  t\n(\r\n  a int, -- a remark\n  b   text /* of two lines\n */ )'),
  same(t('a INT, b TEXT'), 'CREATE TABLE IF NOT EXISTS main."t" ("a" INT, [b] `TEXT`)'),
  same(t('a INT, b TEXT'), `${t('a INT')} ALTER TABLE t ADD COLUMN b TEXT`),
  same(
    t("a INT, b TEXT NOT NULL DEFAULT 'x' CHECK (b <> '')"),
    `${t('a INT')} ALTER TABLE t ADD b text not null default ('x') check(b<>'')`,
  ),
  same(t('a INT, b INT'), t('b INT, a INT')),
  same(t('a INT'), `CREATE TABLE s (a INT); ALTER TABLE s RENAME TO t`),
  same(t('a INT CHECK (a > 0)'), `${t('x INT CHECK (x > 0)')} ALTER TABLE t RENAME COLUMN x TO a`),
  same(t('a INT'), `${t('a INT, b INT')} ALTER TABLE t DROP COLUMN b`),
  same(t('a INT'), `${t('a INT')} ALTER TABLE t ADD COLUMN b; ALTER TABLE t DROP COLUMN b`),
  same(t('a INT, b TEXT'), 'CREATE TABLE s (a INT, b TEXT); CREATE TABLE t AS SELECT * FROM s; DROP TABLE s'),
  same(
    `${parents}${t('a INT REFERENCES p (id) ON DELETE CASCADE')}`,
    `CREATE TABLE o (id INTEGER PRIMARY KEY, b INT UNIQUE); CREATE TABLE q (id INTEGER PRIMARY KEY);
     ${t('a INT, FOREIGN KEY (a) REFERENCES o (id) MATCH SIMPLE ON UPDATE NO ACTION ON DELETE CASCADE NOT DEFERRABLE')} ALTER TABLE o RENAME TO p`,
  ),
  same(t('a INTEGER PRIMARY KEY ASC'), t('a INTEGER, PRIMARY KEY (a ASC)')),
  same(t('a INT UNIQUE, b INT'), t('a INT, b INT, UNIQUE (a) ON CONFLICT ABORT UNIQUE (a)')),
  same(t('a TEXT COLLATE BINARY'), t('a TEXT')),
  same(t('a INT DEFAULT -1'), t('a INT DEFAULT (-1)')),
  same(t('a INT, b INT AS (a + 1)'), t('a INT, b INT GENERATED ALWAYS AS (a+1) VIRTUAL')),
  same(t('a REAL DEFAULT 1.5e-3'), t('a REAL DEFAULT (1.5e-3)')),
  same(t('a INT CHECK (a > -1 AND a - 1 < 5)'), t('a INT CHECK(a>-1 and a-1<5)')),
  same(
    `${t('a INT')} CREATE INDEX i ON t (lower(a)) WHERE a IS NOT NULL`,
    `${t('a INT')} create index if not exists main.i on "t"( lower( "a" ) asc ) where "a" is not null`,
  ),
  same(
    `${t('a INT')} CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = new.a || 'x'; END`,
    `CREATE TABLE s (a INT); create trigger g after insert on s
       begin -- here
         update s set a=new.a||'x';
       end; ALTER TABLE s RENAME TO t`,
  ),
  same(
    `${t('a INT')} CREATE VIEW v AS SELECT a FROM t`,
    `${t('a INT')} create view if not exists v as\r\n  select "a" from [t]`,
  ),
  same('CREATE VIRTUAL TABLE d USING fts5 (body)', 'create virtual table d using fts5(body)'),
  same(t('"group" INT, "a b" INT'), t('[group] INT, `a b` INT')),
  same(t("a TEXT CONSTRAINT n NOT NULL, 'b' INT"), t('a TEXT NOT NULL, b INT')),
  same(
    'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p, "key" INT UNIQUE COLLATE NOCASE, UNIQUE (a, "key"), CHECK (a > 0)); CREATE INDEX i ON t (a, "key") WHERE a > 1',
    'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES P, key INT UNIQUE COLLATE NOCASE, UNIQUE (A, key), CHECK (A > 0)); CREATE INDEX i ON T (A, key) WHERE "A" > 1',
  ),
];
