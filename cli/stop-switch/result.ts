/** One thing that the command did, or could not do and why. */
export type Done = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string };

/** Does one thing and goes on with the next, whatever becomes of it: here nothing may wait for something else to work. */
export async function attempt(work: () => Promise<void>): Promise<Done> {
  try {
    await work();
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'failed', why: nameOf(error) };
  }
}

export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message.slice(0, 200)}`;
}
