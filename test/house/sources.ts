import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../src/core/data-folders.js";

/** The folder of the project. */
export const root = packageRoot();

/**
 * @param folders - folders of the project
 * @param ending - of the wanted files
 * @returns their paths relative to the project, with forward slashes, sorted
 */
export function filesIn(folders: readonly string[], ending: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => ending.test(path))
    .sort();
}

/** One import or re-export of a source file. */
export interface Import {
  /** What is imported: a path relative to the project for own files, else as written. */
  target: string;
  /** True when nothing of it is left after compilation. */
  typeOnly: boolean;
}

/** @returns everything that a source file imports or re-exports, by any syntax */
export function importsOf(path: string, text = readFileSync(join(root, path), "utf8")): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
        found.push({ target: node.moduleSpecifier.text, typeOnly: isTypeOnly(node) });
      }
    } else if (
      ts.isCallExpression(node) &&
      node.arguments.length > 0 &&
      ts.isStringLiteral(node.arguments[0])
    ) {
      const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const required = ts.isIdentifier(node.expression) && node.expression.text === "require";
      if (dynamic || required) found.push({ target: node.arguments[0].text, typeOnly: false });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push({ target: (node.argument.literal as ts.StringLiteral).text, typeOnly: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map(({ target, typeOnly }) => ({ target: resolveTarget(path, target), typeOnly }));
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const named =
      node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : undefined;
    return node.isTypeOnly || (named?.every((element) => element.isTypeOnly) ?? false);
  }
  const clause = node.importClause;
  if (!clause) return false;
  const named =
    clause.namedBindings && ts.isNamedImports(clause.namedBindings)
      ? clause.namedBindings.elements
      : undefined;
  return clause.isTypeOnly || (!clause.name && (named?.every((element) => element.isTypeOnly) ?? false));
}

function resolveTarget(from: string, target: string): string {
  if (!target.startsWith(".")) return target;
  const path = new URL(target, `file:///${from}`).pathname.slice(1);
  return path.replace(/\.js$/, ".ts");
}
