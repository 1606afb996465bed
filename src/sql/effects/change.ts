/** Describes as data how an effect creates, alters or uses its object, and its effect on rows. */

/** A constraint in the words of SQL. */
export type ConstraintType = 'primary key' | 'unique' | 'exclude' | 'foreign key' | 'check' | 'not null';

/** Whether the constraint makes rows unique. */
export function isKey(constraint: ConstraintType | undefined): boolean {
  return constraint === 'primary key' || constraint === 'unique' || constraint === 'exclude';
}

/** The events that fire a trigger. */
export type TriggerEvent = 'insert' | 'update' | 'delete' | 'truncate';

/** How rows that exist get values in a new column: not at all, though it must have one, or a number each. */
export type Filling = 'required' | 'numbered';

/** The objects that GRANT ON ALL and ALTER DEFAULT PRIVILEGES mean. */
export type PrivilegeGroup =
  | 'tables'
  | 'sequences'
  | 'functions'
  | 'procedures'
  | 'routines'
  | 'types'
  | 'schemas'
  | 'large objects';

/** When a trigger or a rule fires (`session_replication_role`). */
export type FiringState = 'origin' | 'always' | 'replica' | 'disabled';

/** Alterations that are identified by their target alone; the values are in `sets`. */
type PlainChange =
  | 'access method'
  | 'attributes'
  | 'comment'
  | 'compression'
  | 'contents'
  | 'extension'
  | 'members'
  | 'options'
  | 'owner'
  | 'properties'
  | 'rename'
  | 'replica identity'
  | 'security label'
  | 'set schema'
  | 'settings'
  | 'statistics'
  | 'statistics target'
  | 'storage'
  | 'tablespace'
  | 'type'
  | 'validation'
  | 'version';

/** Properties that a statement sets or removes. */
type SwitchedChange =
  | 'cluster'
  | 'default'
  | 'domain constraint'
  | 'expression'
  | 'forced row security'
  | 'logging'
  | 'of type'
  | 'row security'
  | 'storage options';

/** How a child belongs to its parent; `type` is that of CREATE TABLE OF. */
export type FamilyLink = 'partition' | 'inheritance' | 'type';

/** An alteration of an object that stays. The target of renames and moves is the `to` of their effect. */
export type Change =
  | { kind: PlainChange }
  | { kind: SwitchedChange; isOn: boolean }
  /** USER leaves out those of foreign keys. */
  | { kind: 'all triggers'; isOn: boolean; isOfUsers: boolean }
  | { kind: 'default privileges'; group: PrivilegeGroup }
  /** A parent and a child, or a partitioned table and a partition, each of which is one `end` of the link. */
  | { kind: 'family'; link: FamilyLink; isAdded: boolean; end: 'parent' | 'child' }
  | { kind: 'firing'; state: FiringState }
  | { kind: 'identity'; verb: 'add' | 'set' | 'drop' }
  | { kind: 'index'; isUnique: boolean; isPartial?: boolean }
  /** With the name that somebody gave the constraint; a primary key asks for one of any name that holds for all rows. */
  | { kind: 'not null'; isOn: boolean; name?: string; isForKey?: boolean }
  /** Whatever the role owns and may use goes, or what it owns gets another owner. */
  | { kind: 'owned'; isDropped: boolean }
  /** GRANT or REVOKE; of a schema with the group of its objects that is meant. */
  | { kind: 'privileges'; isGrant: boolean; group?: PrivilegeGroup }
  /** A foreign key refers to the table; a cascading one changes rows when rows of the table are deleted. */
  | { kind: 'reference'; isCascading: boolean };

/** Which sort of alteration it is. */
export type ChangeKind = Change['kind'];

/** How something is used beside its name. `granted` and `owning` are what a role gets. `added column`: rows that exist get what its type says. `given`, `left out`, `enum value` and `foreign key` follow from other effects. */
export type Usage =
  | 'added column'
  | 'all columns'
  | 'checked now'
  | 'copied column'
  | 'copied columns'
  | 'deferred'
  | 'definition'
  | 'elements'
  | 'enum value'
  | 'family'
  | 'foreign key'
  | 'given'
  | 'granted'
  | 'identity index'
  | 'inheritance'
  | 'inserted columns'
  | 'joined definition'
  | 'key index'
  | 'keys'
  | 'keys of some rows'
  | 'leading columns'
  | 'left out'
  | 'owner'
  | 'owning'
  | 'published'
  | 'result'
  | 'row'
  | 'whole row';

/** How rows are read or changed, where it is not just so: `own rows` are those that the statement changes itself. */
export type RowAccess =
  | 'all rows'
  | 'on conflict'
  | 'own rows'
  | 'referring rows'
  | 'restart'
  | 'scan'
  | 'truncation'
  | 'validation';

/** Whether two alterations have the same target and kind, apart from their values. */
export function areSame(one: Change | undefined, other: Change | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What LIKE includes, as bits (nodes/parsenodes.h, TableLikeOption). */
export const likeOptions = {
  comments: 1,
  compression: 2,
  constraints: 4,
  defaults: 8,
  generated: 16,
  identity: 32,
  indexes: 64,
  statistics: 128,
  storage: 256,
} as const;
