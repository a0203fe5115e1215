import { dirname } from "node:path";
import ts from "typescript";

/** A name that the package exports. */
export interface PublicName {
  name: string;
  /** False for interfaces and type aliases, which are gone at run time. */
  isValue: boolean;
  /** Its docstring with the text of its tags, "" when it has none. */
  documentation: string;
}

/**
 * Lists what a module exports, reading only the project's own files.
 *
 * @param entry - absolute path of a .ts or .d.ts file
 */
export function publicNames(entry: string): PublicName[] {
  const options: ts.CompilerOptions = { noLib: true, types: [], module: ts.ModuleKind.NodeNext };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => ({
      resolvedModule: text.startsWith(".")
        ? ts.resolveModuleName(text, containing, { moduleResolution: ts.ModuleResolutionKind.NodeNext }, host)
            .resolvedModule
        : undefined,
    }));
  host.getCurrentDirectory = () => dirname(entry);
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) return [];
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return {
      name: exported.name,
      isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
      documentation: [
        symbol.getDocumentationComment(checker),
        ...symbol.getJsDocTags(checker).map((tag) => tag.text),
      ]
        .map((parts) => ts.displayPartsToString(parts))
        .join(" ")
        .trim(),
    };
  });
}
