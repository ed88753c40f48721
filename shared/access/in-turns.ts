/** Each is a read or two and a write of a table; the SDK keeps 50 connections. */
const AT_ONCE = 16;

/** All of them, at most AT_ONCE under way; the answers are in the order of the items. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  act: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [place, item] of waiting) answers[place] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return answers;
}
