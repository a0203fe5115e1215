/**
 * The name that a misspelt one probably stands for, as a part of a message.
 *
 * @param given - the name as typed
 * @param names - the valid names
 * @returns " (did you mean NAME?)" where at most a third of the letters, and at least one, had to be changed, left out, put in or swapped
 *   with the next; else nothing
 */
export function didYouMean(given: string, names: readonly string[]): string {
  const wanted = given.toLowerCase();
  let closest: { readonly name: string; readonly edits: number } | undefined;
  for (const name of names) {
    const edits = editDistance(wanted, name.toLowerCase());
    if (edits <= Math.floor((name.length + 1) / 3) && edits < (closest?.edits ?? Number.POSITIVE_INFINITY)) {
      closest = { name, edits };
    }
  }
  return closest === undefined || wanted === "" ? "" : ` (did you mean ${closest.name}?)`;
}

/** Edits from one text to another: a letter changed, left out, put in, or two neighbouring ones swapped (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1] + Number(a[i - 1] !== b[j - 1]);
      row[j] = Math.min(change, last[j] + 1, row[j - 1] + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
