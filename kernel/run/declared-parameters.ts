import { createRequire } from "node:module";
import type TypeScript from "typescript";
import { hasTag, type Notebook } from "./notebook.js";

/** A variable of the cell tagged `parameters`. */
export interface DeclaredParameter {
  /** Its name. */
  readonly name: string;
  /** How it is declared. */
  readonly keyword: "const" | "let" | "var";
  /** Its written type, where there is one. */
  readonly type?: string;
  /** Its default, as written; "" where there is none. */
  readonly text: string;
  /** What kind of value it is; undefined where the cell does not tell at a glance. */
  readonly kind?: "number" | "string" | "boolean";
  /** The comment that follows on its line; "" where there is none. */
  readonly comment: string;
}

/**
 * Reads what a notebook's cell tagged `parameters` declares.
 *
 * @param notebook - the notebook
 * @returns its variables in order; undefined when no cell has the tag
 */
export function declaredParameters(notebook: Notebook): DeclaredParameter[] | undefined {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  if (!cell) return undefined;
  const ts = loadTypeScript();
  const file = ts.createSourceFile("parameters.ts", cell.source, ts.ScriptTarget.Latest, true);
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations
      .filter((declaration) => ts.isIdentifier(declaration.name))
      .map((declaration) => ({
        name: declaration.name.getText(),
        keyword: keywordOf(ts, declarationList),
        type: declaration.type?.getText(),
        text: declaration.initializer?.getText() ?? "",
        kind: kindOf(ts, declaration),
        comment: /^[^\n]*?\/\/[ \t]*(.*)/.exec(cell.source.slice(declaration.end))?.[1].trim() ?? "",
      })),
  );
}

/** tslab's own TypeScript: cells are read by the same parser as when they run. */
function loadTypeScript(): typeof TypeScript {
  const require = createRequire(createRequire(import.meta.url).resolve("tslab"));
  return require("@tslab/typescript-for-tslab");
}

function keywordOf(
  ts: typeof TypeScript,
  list: TypeScript.VariableDeclarationList,
): DeclaredParameter["keyword"] {
  if (list.flags & ts.NodeFlags.Const) return "const";
  return list.flags & ts.NodeFlags.Let ? "let" : "var";
}

function kindOf(
  ts: typeof TypeScript,
  { type, initializer }: TypeScript.VariableDeclaration,
): DeclaredParameter["kind"] {
  if (type) {
    if (type.kind === ts.SyntaxKind.NumberKeyword) return "number";
    if (type.kind === ts.SyntaxKind.StringKeyword) return "string";
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
    const members = ts.isUnionTypeNode(type) ? type.types : [];
    const texts = members.filter(
      (member) => ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal),
    );
    return members.length > 0 && texts.length === members.length ? "string" : undefined;
  }
  if (!initializer) return undefined;
  const value = ts.isPrefixUnaryExpression(initializer) ? initializer.operand : initializer;
  if (ts.isNumericLiteral(value)) return "number";
  if (ts.isStringLiteralLike(initializer)) return "string";
  const { kind } = initializer;
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword ? "boolean" : undefined;
}
