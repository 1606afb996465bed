/** The canonical document of a schema: a sorted list of objects with their properties as text. */

/** Every kind of object that a snapshot has. */
const objectKinds = [
  ...['schema', 'extension', 'language', 'access method', 'collation', 'conversion'],
  ...['enum type', 'composite type', 'range type', 'domain', 'base type'],
  ...[
    'function',
    'procedure',
    'aggregate',
    'operator',
    'operator family',
    'operator class',
    'cast',
    'transform',
  ],
  ...['text search parser', 'text search template', 'text search dictionary', 'text search configuration'],
  ...['foreign-data wrapper', 'server', 'user mapping'],
  ...['sequence', 'table', 'foreign table', 'column', 'constraint', 'index', 'view', 'materialized view'],
  ...['statistics object', 'trigger', 'rule', 'policy', 'publication', 'event trigger'],
  ...['default privileges', 'grant', 'revoke', 'comment', 'rows'],
] as const;

export type SnapshotKind = (typeof objectKinds)[number];

/** One object of a schema. All names are written as in SQL, with quotes only where they need them: PostgreSQL's `quote_ident` decides. */
export interface SnapshotObject {
  kind: SnapshotKind;
  /** Left out for kinds without a schema. */
  schema?: string;
  /**
   * A function's name has its argument types: `area(integer,text)`. The name of a grant is its role or `PUBLIC`, the name of a
   * comment is empty.
   */
  name: string;
  /**
   * The object that this one belongs to. For columns, constraints, indexes, triggers, rules and policies, the relation or
   * domain in the same schema; for grants and comments, kind and qualified name: `table column public.users.email`.
   */
  of?: string;
  /** The properties that differ from the database's defaults; `position` and `written` are not compared. */
  definition: Readonly<Record<string, string>>;
}

/** A schema as the catalogs describe it. */
export interface SchemaSnapshot {
  /** Of the server, such as 18. Snapshots of two majors cannot be compared. */
  major: number;
  /** It is one of a SQLite database, which has no schemas: its SQL is SQLite's. */
  isSqlite?: true;
  /** The role that read it. It equals the reading role of any other snapshot: roles of two servers differ. */
  role: string;
  /** Sorted by kind, schema, `of` and name. */
  objects: readonly SnapshotObject[];
}

/** Kinds whose objects are called by a plural. */
export const pluralKinds: readonly SnapshotKind[] = ['grant', 'revoke', 'default privileges', 'rows'];

const partKinds: ReadonlySet<SnapshotKind> = new Set([
  ...(['column', 'constraint', 'index', 'trigger', 'rule', 'policy'] as const),
]);

/** Whether an object of the kind is a part of the relation or domain that it is `of`. */
export function isPart({ kind }: Pick<SnapshotObject, 'kind'>): boolean {
  return partKinds.has(kind);
}

/** Whether an object of the kind only says something about the object that it is `of`. */
export function isNote({ kind }: Pick<SnapshotObject, 'kind'>): boolean {
  return kind === 'grant' || kind === 'revoke' || kind === 'comment';
}

/** @returns kind and name in words: `column public.users.email`, `trigger audit on public.users`. */
export function describeSnapshotObject(object: SnapshotObject): string {
  const { kind, name, of } = object;
  if (kind === 'grant') return `privileges of ${name} on ${of}`;
  if (kind === 'revoke') return `revoked privileges of ${name} on ${of}`;
  if (kind === 'comment') return `comment on ${of}`;
  if (kind === 'default privileges') return `default privileges of ${name} for ${of}`;
  return `${kind === 'rows' ? 'rows of' : kind} ${qualifiedName(object)}`;
}

/** @returns the name as `pg_identify_object` writes identities: `public.users.email`, `audit on public.users`. */
export function qualifiedName({ kind, schema, name, of }: SnapshotObject): string {
  const inSchema = (text: string) => (schema === undefined ? text : `${schema}.${text}`);
  if (of === undefined || kind === 'index') return inSchema(name);
  return kind === 'column' ? inSchema(`${of}.${name}`) : `${name} on ${inSchema(of)}`;
}

/** @returns a text that no other object of the snapshot has. */
export function snapshotKey({ kind, schema = '', of = '', name }: SnapshotObject): string {
  return JSON.stringify([kind, schema, of, name]);
}

/** @returns the objects in the order of the document. */
export function sortObjects(objects: readonly SnapshotObject[]): SnapshotObject[] {
  const keyed = objects.map((object) => ({ object, key: sortKey(object) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ object }) => object);
}

function sortKey({ kind, schema = '', of = '', name }: SnapshotObject): string {
  const place = String(objectKinds.indexOf(kind)).padStart(2, '0');
  return [place, schema, of, name].join('\u0000');
}

/** Whether it is an index that a failed CREATE INDEX CONCURRENTLY has left; that of a partitioned table waits for its partitions. */
export function isLeftInvalid({ kind, definition }: SnapshotObject): boolean {
  return (
    kind === 'index' && definition.invalid !== undefined && !definition.definition?.includes(' ON ONLY ')
  );
}
