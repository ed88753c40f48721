/** Is a value of a list meant as a range of addresses, such as `203.0.113.0/24`? Whether it is a sound one, the engine knows. */
export function isRange(text: string): boolean {
  return /^[0-9a-f.:]*[.:][0-9a-f.:]*\/\d{1,3}$/i.test(text);
}
