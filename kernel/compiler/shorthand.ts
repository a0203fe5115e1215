import type { TypeScript } from "./typescript.js";

interface Node {
  readonly kind: number;
  readonly end: number;
  readonly name?: { readonly text: string; readonly end: number };
}

/**
 * Writes out the shorthand properties of a cell that name earlier cells' variables: `{ a }` becomes `{ a: a }`.
 *
 * tslab 1.0.22 finds variables of earlier cells everywhere but there, and the cell would fail with "a is not defined".
 *
 * @param typescript - parses the cell
 * @param code - the cell
 * @param isEarlier - whether a name is a variable of an earlier cell
 * @returns the cell with the same lines; columns behind a shorthand move
 */
export function expandShorthand(
  typescript: TypeScript,
  code: string,
  isEarlier: (name: string) => boolean,
): string {
  const found: { readonly name: string; readonly end: number }[] = [];
  const visit = (node: Node): void => {
    if (
      node.kind === typescript.SyntaxKind.ShorthandPropertyAssignment &&
      node.name &&
      isEarlier(node.name.text)
    ) {
      found.push({ name: node.name.text, end: node.name.end });
    }
    typescript.forEachChild(node, visit);
  };
  visit(typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, false) as Node);
  let expanded = code;
  for (const { name, end } of found.reverse()) {
    expanded = `${expanded.slice(0, end)}: ${name}${expanded.slice(end)}`;
  }
  return expanded;
}
