/** Virtual time: what is to happen, in order. Nothing ever waits for a real clock. */
export interface Timeline {
  /** Milliseconds since the beginning. */
  readonly now: () => number;
  /** @returns a function that takes it back */
  readonly after: (ms: number, happen: () => void) => () => void;
  /** Does whatever comes next, unless that is later than `until`. @returns whether there was something */
  readonly step: (until: number) => boolean;
  /** Does everything up to a moment, at once. */
  readonly advance: (ms: number) => void;
}

interface Event {
  readonly at: number;
  /** Events of the same moment happen in the order they were asked for. */
  readonly order: number;
  happen: (() => void) | undefined;
}

export function createTimeline(): Timeline {
  const heap: Event[] = [];
  let now = 0;
  let asked = 0;
  const step = (until: number): boolean => {
    while (heap[0] && heap[0].at <= until) {
      const { at, happen } = removeFirst(heap);
      if (!happen) continue;
      now = at;
      happen();
      return true;
    }
    return false;
  };
  return {
    now: () => now,
    after(ms, happen) {
      const event: Event = { at: now + Math.max(0, ms), order: asked++, happen };
      insert(heap, event);
      return () => (event.happen = undefined);
    },
    step,
    advance(ms) {
      const until = now + ms;
      while (step(until));
      now = until;
    },
  };
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap: the first event is at index 0, and none comes before its parent at `(index - 1) / 2`. */
function insert(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(event, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = event;
}

function removeFirst(heap: Event[]): Event {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (child >= heap.length || !isBefore(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return first;
}
