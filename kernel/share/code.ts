import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import { Html, html } from "./html.js";

highlighter.registerLanguage("typescript", typescript);
highlighter.registerLanguage("python", python);
highlighter.registerLanguage("json", json);
highlighter.registerLanguage("bash", bash);
highlighter.registerAliases(["ts", "tsx", "js", "javascript"], { languageName: "typescript" });
highlighter.registerAliases(["sh", "shell"], { languageName: "bash" });
highlighter.registerAliases(["py"], { languageName: "python" });

/**
 * Code with its words colored by kind.
 *
 * @param code - the code
 * @param language - its language; one that is not known stays plain
 * @returns content of a <code>
 */
export function highlighted(code: string, language: string): Html {
  if (!highlighter.getLanguage(language)) return html`${code}`;
  return Html.trusted(highlighter.highlight(code, { language, ignoreIllegals: true }).value);
}
