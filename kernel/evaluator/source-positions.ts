import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

/** A place in what the user wrote. */
export interface SourcePosition {
  /** "cell [3]" or the path of a file. */
  readonly where: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** Lines of the cell or file. */
  readonly lines: readonly string[];
}

/** A script that was generated from what the user wrote. */
export interface GeneratedScript {
  /** "cell [3]" or the path of a file. */
  readonly where: string;
  /** What the user wrote; undefined: read from the file when needed. */
  readonly text?: string;
  /** Lines that were put before it. */
  readonly addedLines: number;
  /** Source maps as JSON, from the script back to what the user wrote. */
  readonly maps: readonly string[];
}

/** Finds the places in cells and project files that positions in generated scripts come from. */
export class SourcePositions {
  readonly #scripts = new Map<string, GeneratedScript>();
  readonly #maps = new Map<string, SourceMap>();

  /**
   * Remembers a script.
   *
   * @param name - its name in stack traces
   * @param script - where it comes from
   */
  add(name: string, script: GeneratedScript): void {
    this.#scripts.set(name, script);
  }

  /**
   * @param name - name of a script in a stack trace
   * @returns whether the user wrote it
   */
  has(name: string): boolean {
    return this.#scripts.has(name);
  }

  /**
   * @param name - name of a script in a stack trace
   * @param line - line in the script, from 1
   * @param column - column in the script, from 1
   * @returns the place, or undefined when it has none in what the user wrote
   */
  find(name: string, line: number, column: number): SourcePosition | undefined {
    const script = this.#scripts.get(name);
    if (!script) return undefined;
    let at = { line: line - 1, column: column - 1 };
    for (const map of script.maps) {
      const entry = this.#map(map).findEntry(at.line, at.column);
      if (!("originalLine" in entry)) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    const lines = (script.text ?? readText(script.where)).split("\n");
    const original = at.line - script.addedLines;
    if (original < 0 || original >= lines.length) return undefined;
    return { where: script.where, line: original + 1, column: at.column + 1, lines };
  }

  #map(json: string): SourceMap {
    let map = this.#maps.get(json);
    if (!map) {
      map = new SourceMap(JSON.parse(json) as SourceMapPayload);
      this.#maps.set(json, map);
    }
    return map;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
