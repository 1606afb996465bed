/** Keeps the owner of a PGlite instance out of Kat's transactions: what it sends meanwhile would be rolled back with them. */

/** The part of PGlite that this uses. */
export interface TurnDatabase {
  /** All of PGlite's own calls go through this one; a copy of the package may lack it. */
  _runExclusiveTransaction?<T>(action: () => Promise<T>): Promise<T>;
}

/** Runs statements that belong to one session. */
export type RunInTurn = <T>(action: () => Promise<T>) => Promise<T>;

/**
 * `query()`, `exec()` and `transaction()` of the instance wait while a statement runs, and from a BEGIN on until the transaction ends.
 * @param isOpen whether the session's transaction goes on
 * @returns a function that runs one statement, as soon as a transaction of the instance's owner has ended
 */
export function createTurn(database: TurnDatabase, isOpen: () => boolean): RunInTurn {
  let users = 0;
  let turn: Promise<() => void> | undefined;
  return async (action) => {
    users += 1;
    turn ??= takeTurn(database);
    const end = await turn;
    try {
      return await action();
    } finally {
      users -= 1;
      if (users === 0 && !isOpen()) {
        turn = undefined;
        end();
      }
    }
  };
}

function takeTurn(database: TurnDatabase): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const occupy = () => new Promise<void>((end) => resolve(end));
    const turn = database._runExclusiveTransaction?.(occupy);
    if (turn) turn.catch(reject);
    else resolve(() => undefined);
  });
}
