import type { Control, Settings } from "../explorer-model.js";
import { valueText } from "../settings.js";
import { element, ownKeys, setText, uniqueId } from "./dom.js";

/** The controls above an explorer. */
export interface ControlPanel {
  /** Holds all controls. */
  readonly root: HTMLElement;
  /** Shows other values. */
  update(settings: Settings): void;
}

/** What controls do. */
export interface ControlActions {
  /** A control was moved. */
  move(name: string, value: number | string): void;
  /** A control is held by the mouse, or let go. */
  hold(on: boolean): void;
}

/**
 * Builds the controls of an explorer.
 *
 * @param controls - what they are
 * @param actions - what they do
 * @returns the panel
 */
export function controlPanel(controls: readonly Control[], actions: ControlActions): ControlPanel {
  const built = controls.map((control) =>
    control.type === "slider" ? slider(control, actions) : choice(control, actions),
  );
  return {
    root: element("div", { class: "dn2x-controls" }, ...built.map(({ root }) => root)),
    update: (settings) => {
      controls.forEach((control, i) => void built[i].update(settings[control.name]));
    },
  };
}

interface BuiltControl {
  readonly root: HTMLElement;
  update(value: number | string): void;
}

function slider(control: Extract<Control, { type: "slider" }>, { move, hold }: ControlActions): BuiltControl {
  const id = uniqueId();
  const input = element("input", {
    ...ownKeys,
    id,
    type: "range",
    class: "dn2x-range",
    "data-setting": control.name,
    min: String(control.min),
    max: String(control.max),
    step: String(control.step),
  });
  const output = element("output", { for: id, class: "dn2x-value" });
  input.addEventListener("input", () => move(control.name, input.valueAsNumber));
  input.addEventListener("pointerdown", () => hold(true));
  for (const end of ["pointerup", "pointercancel"]) input.addEventListener(end, () => hold(false));
  return {
    root: element(
      "div",
      { class: "dn2x-control" },
      element("label", { for: id }, control.label),
      input,
      output,
    ),
    update(value) {
      const text = valueText(control, value);
      if (input.valueAsNumber !== value) input.value = String(value);
      input.setAttribute("aria-valuetext", text);
      setText(output, text);
    },
  };
}

function choice(control: Extract<Control, { type: "choice" }>, { move }: ControlActions): BuiltControl {
  const id = uniqueId();
  const options = control.options.map(({ value, label }) => element("option", { value }, label));
  const select = element(
    "select",
    { ...ownKeys, id, class: "dn2x-select", "data-setting": control.name },
    ...options,
  );
  select.addEventListener("change", () => move(control.name, select.value));
  return {
    root: element("div", { class: "dn2x-control" }, element("label", { for: id }, control.label), select),
    update(value) {
      if (select.value !== value) select.value = String(value);
    },
  };
}
