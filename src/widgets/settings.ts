import type { Control, ExplorerModel, Settings } from "./explorer-model.js";

/**
 * Moves a value to the nearest one that a control has.
 *
 * @param control - the control
 * @param value - any value
 * @param otherwise - what stands for a value of the wrong kind
 * @returns a value of the control
 */
export function fitValue(control: Control, value: unknown, otherwise: number | string): number | string {
  if (control.type === "choice") {
    return control.options.some((option) => option.value === value) ? String(value) : otherwise;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return otherwise;
  const { min, max, step } = control;
  const steps = Math.round((Math.min(max, Math.max(min, value)) - min) / step);
  return Math.min(max, Number((min + steps * step).toPrecision(12)));
}

/**
 * Completes settings, so that every control and every line that can be dragged has a value.
 *
 * @param model - says which settings there are
 * @param settings - any settings
 * @returns valid settings, those of the model only
 */
export function fitSettings(model: ExplorerModel, settings: Settings): Settings {
  const controls = new Map(model.controls.map((control) => [control.name, control]));
  return Object.fromEntries(
    Object.entries(model.defaults).map(([name, otherwise]) => {
      const value = settings[name];
      const control = controls.get(name);
      if (control) return [name, fitValue(control, value, otherwise)];
      const same = typeof value === typeof otherwise && (typeof value !== "number" || Number.isFinite(value));
      return [name, same && value !== undefined ? value : otherwise];
    }),
  );
}

/**
 * @param control - a control
 * @param value - its value
 * @returns the value as people read it
 */
export function valueText(control: Control, value: number | string): string {
  if (control.type === "choice") {
    return control.options.find((option) => option.value === value)?.label ?? String(value);
  }
  if (control.format !== "percent") return String(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(control.step * 100) + 1e-9));
  return `${(Number(value) * 100).toFixed(decimals)} %`;
}
