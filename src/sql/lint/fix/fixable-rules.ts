/** Names the rules that can be fixed, for lists, without loading what fixes them. */

/** The rules whose findings can be fixed without knowing more. */
export const fixableRules: readonly string[] = [
  'add-check-validated',
  'add-foreign-key-validated',
  'add-unique-without-index',
  'concurrent-index-if-not-exists',
  'create-index-not-concurrent',
  'detach-partition-blocking',
  'drop-index-not-concurrent',
  'foreign-key-without-index',
  'needs-no-transaction',
  'reindex-not-concurrent',
  'set-not-null-scan',
  'validate-in-same-transaction',
];
