import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** In bytes. */
const mostGarbage = 96 * 1024 * 1024;

/** What was there when garbage was collected last, or less. */
let kept = 0;

/**
 * Collects garbage if there may be a lot. A long body is put together, parsed and written as strings of its length; where the heap may be large,
 * V8 leaves several hundred megabytes of them lying about. Takes about ten milliseconds.
 */
export function collectGarbage(): void {
  if (used() < kept + mostGarbage) {
    kept = Math.min(kept, used());
    return;
  }
  collect ??= findCollect();
  collect();
  kept = used();
}

function used(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

let collect: (() => void) | undefined;

/** Not before it is needed, since a flag of the process is set for it. Does nothing where the runtime has no such thing. */
function findCollect(): () => void {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  } catch {
    return () => {};
  }
}
