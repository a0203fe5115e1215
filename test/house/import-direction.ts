import type { Import } from "./sources.js";

/** Folders of src/ in the order in which data flows; a folder imports only from folders before it. */
export const folderOrder = [
  "core",
  "datasets",
  "images",
  "networks",
  "engines",
  "extractors",
  "neighbors",
  "scoring",
  "metrics",
  "baselines",
  "distillation",
  "protocols",
  "plots",
  "widgets",
  "index.ts",
];

/**
 * @param path - a source file, relative to the project
 * @param imports - what it imports
 * @returns one sentence for each import that goes the wrong way
 */
export function wrongImports(path: string, imports: readonly Import[]): string[] {
  const [area, folder] = path.split("/");
  return imports.flatMap(({ target }) => {
    const problem =
      area === "cli"
        ? commandProblem(target)
        : area === "kernel"
          ? kernelProblem(target)
          : sourceProblem(folder, target);
    return problem ? [`${path} imports ${target}: ${problem}`] : [];
  });
}

function sourceProblem(folder: string, target: string): string {
  const [area, targetFolder] = target.split("/");
  const rank = folderOrder.indexOf(folder);
  if (rank < 0) return `src/${folder} has no place in the order`;
  if (folder === "widgets" && /^(node:)?fs(\/|$)/.test(target)) return "widgets read no files";
  if (["kernel", "cli", "test", "scripts", "bench"].includes(area))
    return "src/ imports nothing outside src/";
  if (area !== "src") return "";
  if (folder === "plots" && targetFolder === "engines") return "plots never compute on an engine";
  const targetRank = folderOrder.indexOf(targetFolder);
  return targetRank > rank || targetRank < 0 ? `${folder} comes before ${targetFolder}` : "";
}

function kernelProblem(target: string): string {
  if (/^(cli|test|scripts|bench)\//.test(target))
    return "the kernel imports nothing of commands, tests and tools";
  return target.startsWith("src/") && !target.startsWith("src/core/")
    ? "of src/, the kernel knows only core"
    : "";
}

function commandProblem(target: string): string {
  return /^(test|scripts|bench)\//.test(target) ? "the commands import nothing of tests and tools" : "";
}
