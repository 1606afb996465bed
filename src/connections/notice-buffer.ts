/** Buffers notices that arrive before a listener exists, such as those of the connection's start. */

import type { Notice, NoticeListener } from './driver.js';

export interface NoticeBuffer {
  add(notice: Notice): void;
  /** @param listener gets what was kept first. Undefined drops what comes from now on. */
  listen(listener: NoticeListener | undefined): void;
}

const maxKept = 100;

export function createNoticeBuffer(): NoticeBuffer {
  const kept: Notice[] = [];
  let listener: NoticeListener | undefined;
  let hasListened = false;
  return {
    add: (notice) => {
      if (listener) listener(notice);
      else if (!hasListened && kept.length < maxKept) kept.push(notice);
    },
    listen: (next) => {
      hasListened = true;
      listener = next;
      for (const notice of kept.splice(0)) next?.(notice);
    },
  };
}
