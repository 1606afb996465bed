// Generates the SQL of a long history: tables that come, grow, are indexed, read by views and functions, and filled.

const columns = [
  'title text NOT NULL',
  'body text',
  'price numeric(10, 2)',
  'made_at timestamptz DEFAULT now()',
  'tags text[]',
];

/**
 * @param {number} bytes about how much SQL there is in all
 * @returns {{id: string, timestamp: number, up: string, down: string}[]} some 2 kB each, in the order of the history
 */
export function makeHistory(bytes) {
  const history = [];
  for (let written = 0, number = 0; written < bytes; number += 1) {
    const up = upOf(number);
    const timestamp = 1_600_000_000 + number;
    history.push({ id: `${timestamp}_step_${number}`, timestamp, up, down: downOf(number) });
    written += up.length;
  }
  return history;
}

function upOf(number) {
  const table = `things_${number}`;
  const older = `things_${Math.max(0, number - 1 - (number % 7))}`;
  const statements = [
    `-- What step ${number} of this history is for: it makes ${table}, and changes ${older}.`,
    `CREATE TABLE ${table} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  ${columns.join(',\n  ')}\n);`,
    `CREATE INDEX ${table}_title ON ${table} (title);`,
    `COMMENT ON TABLE ${table} IS 'Things of step ${number}';`,
    `CREATE FUNCTION count_${table}(wanted text) RETURNS bigint LANGUAGE plpgsql AS $$\nDECLARE found bigint;\nBEGIN\n  SELECT count(*) INTO found FROM ${table} WHERE title = wanted;\n  RETURN found;\nEND $$;`,
    `CREATE VIEW recent_${table} AS SELECT id, title, price FROM ${table} WHERE made_at > now() - interval '1 day';`,
    ...rows(table),
    ...(number === 0 ? [] : changes(table, older, number)),
  ];
  return `${statements.join('\n\n')}\n`;
}

function rows(table) {
  const values = Array.from(
    { length: 8 },
    (_, row) => `  ('Title ${row}', 'A body of some length, as texts have', ${row}.50)`,
  );
  return [`INSERT INTO ${table} (title, body, price) VALUES\n${values.join(',\n')};`];
}

function changes(table, older, number) {
  return [
    `ALTER TABLE ${table} ADD COLUMN older_id bigint REFERENCES ${older} (id);`,
    `ALTER TABLE ${older} ADD COLUMN added_${number} integer DEFAULT 0 NOT NULL, ALTER COLUMN body SET DEFAULT '';`,
    `CREATE INDEX ON ${older} (added_${number});`,
    `UPDATE ${older} SET added_${number} = 1 WHERE price > 10;`,
  ];
}

function downOf(number) {
  return `DROP VIEW recent_things_${number};\nDROP FUNCTION count_things_${number};\nDROP TABLE things_${number};\n`;
}
