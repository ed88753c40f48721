/** Time and waiting are passed in, so that the core is the same under test, in Lambda and in a replay. */
export type Clock = {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
};
