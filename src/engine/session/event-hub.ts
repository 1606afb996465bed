/** Hands events to listeners, and to those who iterate over them. */

import type { EventListener, KatEvent } from '../events.js';

export interface EventHub {
  /** Receives each event. */
  tell: EventListener;
  /**
   * Iterates over the events from the first call of `next()` on.
   * @param work begins then. The iteration ends with it, and throws what it throws; leaving the loop waits for it. Left out, the
   *   iteration ends with `end`.
   */
  iterate(work?: () => unknown): AsyncGenerator<KatEvent, void, undefined>;
  /** @returns what ends the listening. */
  listen(listener: EventListener): () => void;
  /** Ends the iterations without work. */
  end(): void;
}

/** @param listener receives each event first. */
export function createEventHub(listener: EventListener): EventHub {
  const listeners = new Set<EventListener>();
  const queues = new Set<EventQueue>();
  const endless = new Set<EventQueue>();
  return {
    tell: (event) => {
      listener(event);
      for (const listen of listeners) listen(event);
      for (const queue of queues) queue.push(event);
    },
    iterate: async function* iterate(work) {
      const queue = createQueue();
      queues.add(queue);
      if (!work) endless.add(queue);
      const running = work && (async () => work())();
      running?.then(queue.end, queue.end);
      try {
        yield* queue.events();
      } finally {
        queues.delete(queue);
        endless.delete(queue);
        await running;
      }
    },
    listen: (further) => {
      listeners.add(further);
      return () => listeners.delete(further);
    },
    end: () => {
      for (const queue of endless) queue.end();
    },
  };
}

interface EventQueue {
  push(event: KatEvent): void;
  end(): void;
  events(): AsyncGenerator<KatEvent, void, undefined>;
}

function createQueue(): EventQueue {
  const kept: KatEvent[] = [];
  let isOver = false;
  let wake = () => {};
  return {
    push: (event) => {
      kept.push(event);
      wake();
    },
    end: () => {
      isOver = true;
      wake();
    },
    events: async function* events() {
      for (;;) {
        yield* kept.splice(0);
        if (kept.length > 0) continue;
        if (isOver) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
