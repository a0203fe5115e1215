import type { CellError } from "../evaluator/cell-error.js";
import type { NotebookOutput } from "./notebook.js";
import type { FromChild } from "./protocol.js";

type Shown = Extract<NotebookOutput, { data: unknown }>;

interface Target {
  readonly list: NotebookOutput[];
  readonly onOutput: (output: NotebookOutput) => void;
  clearFirst: boolean;
}

/** Collects what cells put out, the way a front end does: streams joined, displays updated, late output kept apart. */
export class CellOutputs {
  readonly #targets = new Map<string, Target>();
  readonly #shown = new Map<string, Shown[]>();

  /**
   * Starts to collect for a cell.
   *
   * @param label - how the evaluating process calls it
   * @param list - receives the outputs
   * @param onOutput - called with each output as it comes
   */
  begin(label: string, list: NotebookOutput[], onOutput: (output: NotebookOutput) => void): void {
    this.#targets.set(label, { list, onOutput, clearFirst: false });
  }

  /** @param message - output of a cell */
  take(message: FromChild): void {
    switch (message.kind) {
      case "stream":
        this.#add(message.label, { output_type: "stream", name: message.name, text: message.text });
        break;
      case "display":
        this.#display(message);
        break;
      case "update":
        for (const output of this.#shown.get(message.displayId) ?? []) {
          output.data = JSON.parse(message.data);
          output.metadata = JSON.parse(message.metadata);
        }
        break;
      case "clear": {
        const target = this.#targets.get(message.label);
        if (target && message.wait) target.clearFirst = true;
        else if (target) target.list.length = 0;
        break;
      }
    }
  }

  /**
   * @param label - the cell
   * @param executionCount - number of its run
   * @param data - bundle of its last value, as JSON
   */
  result(label: string, executionCount: number, data: string): void {
    this.#add(label, {
      output_type: "execute_result",
      execution_count: executionCount,
      data: JSON.parse(data),
      metadata: {},
    });
  }

  /**
   * @param label - the cell
   * @param error - how it failed
   */
  error(label: string, { ename, evalue, traceback }: CellError): void {
    this.#add(label, { output_type: "error", ename, evalue, traceback: [...traceback] });
  }

  #display(message: FromChild & { kind: "display" }): void {
    const output: Shown = {
      output_type: "display_data",
      data: JSON.parse(message.data),
      metadata: JSON.parse(message.metadata),
    };
    this.#add(message.label, output);
    if (message.displayId === undefined) return;
    this.#shown.set(message.displayId, [...(this.#shown.get(message.displayId) ?? []), output]);
  }

  #add(label: string, output: NotebookOutput): void {
    const target = this.#targets.get(label) ?? [...this.#targets.values()].at(-1);
    if (!target) return;
    if (target.clearFirst) target.list.length = 0;
    target.clearFirst = false;
    const last = target.list.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
    } else {
      target.list.push(output);
    }
    target.onOutput(output);
  }
}
