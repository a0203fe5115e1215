import type { Control, Settings } from "../explorer-model.js";

/** Names and values of an explorer's controls. */
interface Controlled {
  readonly controls: readonly Control[];
  readonly defaults: Settings;
}

/**
 * @param model - controls and defaults
 * @param settings - values as they come
 * @param name - name of a setting with a slider
 * @returns its value, moved to the nearest step of the slider; the default where it is no number
 */
export function numberSetting({ controls, defaults }: Controlled, settings: Settings, name: string): number {
  const given = settings[name];
  const value = typeof given === "number" && !Number.isNaN(given) ? given : Number(defaults[name]);
  const control = controls.find((one) => one.name === name);
  if (control?.type !== "slider") return value;
  const { min, max, step } = control;
  const inside = Math.min(max, Math.max(min, value));
  return Math.min(max, Number((min + Math.round((inside - min) / step) * step).toPrecision(12)));
}

/**
 * @param model - controls and defaults
 * @param settings - values as they come
 * @param name - name of a setting with a choice
 * @returns its value; the default where it is none of the choices
 */
export function choiceSetting<T extends string>(
  { controls, defaults }: Controlled,
  settings: Settings,
  name: string,
): T {
  const control = controls.find((one) => one.name === name);
  const known = control?.type === "choice" && control.options.some(({ value }) => value === settings[name]);
  return String(known ? settings[name] : defaults[name]) as T;
}
