/** The ATT&CK techniques among Sigma's tags, as MITRE writes them: `attack.t1098.003` is T1098.003. */
export function attackTechniques(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
    return technique === undefined ? [] : [technique.toUpperCase()];
  });
}
