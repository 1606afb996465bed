// Written by `kat bundle` from the migrations folder. Do not edit it.
export default [
  {
    id: '1_a',
    metadata: 'name: 1_a\ntimestamp: 1\nparents: []\n',
    up: "CREATE TABLE a (text text DEFAULT 'ü`$x{}\\ ');\n",
    down: 'DROP TABLE a;\n',
  },
  {
    id: '2_b',
    metadata: 'name: 2_b\ntimestamp: 2\nparents: [1]\nno_transaction: true\n',
    up: 'CREATE INDEX CONCURRENTLY ON a (text);\n',
  },
];
