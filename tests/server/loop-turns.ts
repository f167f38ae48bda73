/** How many turns of the event loop pass until it resolves. */
export async function turnsOf(waiting: PromiseLike<unknown> | undefined): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await waiting;
  isOver = true;
  return turns;
}
