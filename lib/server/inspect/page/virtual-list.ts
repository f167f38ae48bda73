import { el, oncePerFrame } from './dom.ts';

interface Options {
  label: string;
  /** CSS pixels of a row, and of the one that is open below its row. */
  rowHeight: number;
  openHeight: number;
  row(at: number): HTMLElement;
  open(at: number): HTMLElement;
}

export interface VirtualList {
  element: HTMLElement;
  /** Says how many rows there are, and draws again. */
  update(count: number): void;
  reveal(at: number): void;
}

/** A list of which only those rows are in the page that can be seen. Rows have one height; one of them can be open. */
export function virtualList({ label, rowHeight, openHeight, row, open }: Options): VirtualList {
  const space = el('div', { class: 'space' });
  const element = el('div', { class: 'virtual', tabindex: 0, role: 'group', 'aria-label': label }, space);
  let count = 0;
  let opened: number | undefined;
  let active: number | undefined;
  const drawn = new Map<number, HTMLElement>();
  let below: HTMLElement | undefined;

  const top = (at: number): number => at * rowHeight + (opened !== undefined && at > opened ? openHeight : 0);

  function draw(): void {
    space.style.height = `${top(count)}px`;
    const { scrollTop, clientHeight } = element;
    const margin = 8 * rowHeight;
    const from = Math.max(0, Math.floor((scrollTop - openHeight - margin) / rowHeight));
    const until = Math.min(count, Math.ceil((scrollTop + clientHeight + margin) / rowHeight));
    for (const [at, one] of drawn) {
      if (at >= from && at < until) continue;
      one.remove();
      drawn.delete(at);
    }
    for (let at = from; at < until; at += 1) {
      let one = drawn.get(at);
      if (!one) {
        one = row(at);
        one.dataset['at'] = String(at);
        drawn.set(at, one);
        space.append(one);
      }
      one.style.transform = `translateY(${top(at)}px)`;
      one.classList.toggle('is-open', at === opened);
      one.classList.toggle('is-active', at === active);
    }
  }
  const redraw = oncePerFrame(draw);

  function toggle(at: number): void {
    active = at;
    below?.remove();
    below = undefined;
    opened = opened === at ? undefined : at;
    if (opened !== undefined) {
      below = open(opened);
      below.classList.add('below');
      below.style.height = `${openHeight}px`;
      below.style.transform = `translateY(${(opened + 1) * rowHeight}px)`;
      space.append(below);
    }
    draw();
    const end = (at + 1) * rowHeight + openHeight - element.clientHeight;
    if (opened !== undefined && end > element.scrollTop) element.scrollTop = end;
  }

  function reveal(at: number): void {
    active = at;
    const { scrollTop, clientHeight } = element;
    if (top(at) < scrollTop) element.scrollTop = top(at);
    else if (top(at) + rowHeight > scrollTop + clientHeight) element.scrollTop = top(at) + rowHeight - clientHeight;
    redraw();
  }

  element.addEventListener('scroll', redraw, { passive: true });
  element.addEventListener('click', ({ target }) => {
    const at = (target as Element).closest<HTMLElement>('.row')?.dataset['at'];
    if (at !== undefined) toggle(Number(at));
  });
  element.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.target !== element || (step === undefined && event.key !== 'Enter')) return;
    event.preventDefault();
    if (step !== undefined) reveal(Math.max(0, Math.min(count - 1, (active ?? -1) + step)));
    else if (active !== undefined) toggle(active);
  });
  new ResizeObserver(redraw).observe(element);

  return {
    element,
    update(now) {
      // a chunk may have come for an event that is already shown
      for (const at of drawn.keys()) {
        if (at < count - 40) continue;
        drawn.get(at)?.remove();
        drawn.delete(at);
      }
      count = now;
      draw();
    },
    reveal,
  };
}
