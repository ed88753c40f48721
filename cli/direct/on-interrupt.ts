/** Ctrl-C, or the end of the session, in the middle: what is done stands in the ledger, and a rerun goes on from there. */
export function onInterrupt(sentence: () => string): () => void {
  const stop = (): void => {
    process.stderr.write(`\n${sentence()}\n`);
    // 128 and the number of SIGINT, as shells have it.
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.once('SIGHUP', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('SIGHUP', stop);
  };
}
