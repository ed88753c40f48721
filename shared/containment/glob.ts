/**
 * IAM's wildcards: `*` any run of characters, `?` exactly one; case is ignored. Two pointers instead of a regular
 * expression: a policy document is somebody else's text, and `*a*a*a*b` must not take exponential time.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  return matchesExactGlob(pattern.toLowerCase(), text.toLowerCase());
}

/** The same where case matters, as in ARNs. */
export function matchesExactGlob(p: string, t: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < t.length) {
    if (p[at] === '*') {
      star = at;
      resume = i;
      at += 1;
    } else if (at < p.length && (p[at] === '?' || p[at] === t[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      i = resume;
    } else {
      return false;
    }
  }
  return [...p.slice(at)].every((rest) => rest === '*');
}
