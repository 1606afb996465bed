/** Names the nodes of a Citus, and those that another one does not reach. */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { eq } from '../ledger/operators.js';

export interface Citus {
  version: string;
  /** Why its nodes are not known, or these. */
  nodes: string | CitusNodes;
}

interface CitusNodes {
  count: number;
  /** As `worker-1:5432 from coordinator:5432`. */
  unreachable: readonly string[];
}

/**
 * The nodes look at each other, which takes as long as `citus.node_connection_timeout` for one that is gone.
 * @returns undefined where the database has no Citus.
 */
export async function readCitus(session: Session): Promise<Citus | undefined> {
  const version = await firstValue(session, installed);
  return version === undefined ? undefined : { version, nodes: await readNodes(session) };
}

async function readNodes(session: Session): Promise<string | CitusNodes> {
  try {
    const [nodes, looks] = await session.execute(`${active};\n${health}`);
    const unreachable = (looks?.rows ?? []).map(({ wanted, looking }) => `${wanted} from ${looking}`);
    return { count: Number(nodes?.rows[0]?.count), unreachable };
  } catch (error) {
    // An old version, or a role that may not ask.
    if (error instanceof SqlError && !error.isSessionLost) return error.message;
    throw error;
  }
}

async function firstValue(session: Session, sql: string): Promise<string | undefined> {
  const [result] = await session.execute(sql);
  return result?.rows[0]?.version ?? undefined;
}

const installed = `SELECT extversion AS version FROM pg_catalog.pg_extension WHERE extname ${eq} 'citus'`;

const active = 'SELECT pg_catalog.count(*) AS count FROM pg_catalog.pg_dist_node WHERE isactive';

/** https://docs.citusdata.com/en/stable/develop/api_udf.html#citus-check-cluster-node-health */
const health = `SELECT pg_catalog.concat(to_nodename, ':', to_nodeport) AS wanted,
  pg_catalog.concat(from_nodename, ':', from_nodeport) AS looking
FROM pg_catalog.citus_check_cluster_node_health() WHERE result IS NOT TRUE ORDER BY 1, 2`;
