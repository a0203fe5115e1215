import type { CellError } from "../evaluator/cell-error.js";

/** From the runner to the process that evaluates the cells. */
export type ToChild =
  | { readonly kind: "run"; readonly label: string; readonly code: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" };

/** From the process that evaluates the cells. */
export type FromChild =
  | { readonly kind: "ready" }
  | {
      readonly kind: "stream";
      readonly name: "stdout" | "stderr";
      readonly text: string;
      readonly label: string;
    }
  | {
      readonly kind: "display";
      readonly label: string;
      readonly data: string;
      readonly metadata: string;
      readonly displayId?: string;
    }
  | { readonly kind: "update"; readonly displayId: string; readonly data: string; readonly metadata: string }
  | { readonly kind: "clear"; readonly label: string; readonly wait: boolean }
  | { readonly kind: "done"; readonly data?: string }
  | { readonly kind: "error"; readonly error: CellError; readonly line?: number };
