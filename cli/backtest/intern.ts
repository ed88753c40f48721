/** Gives each key a small number, the same one every time, so that long lists can hold numbers in place of objects. */
export type Interned<T> = {
  readonly place: (key: string, value: T) => number;
  readonly values: readonly T[];
};

export function createInterned<T>(): Interned<T> {
  const places = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    place: (key, value) => {
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, values.length);
      return values.push(value) - 1;
    },
  };
}
