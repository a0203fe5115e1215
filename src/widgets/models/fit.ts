import type { Control, Settings } from "../explorer-model.js";
import { fitValue } from "../settings.js";

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
  const control = controls.find((one) => one.name === name);
  const value = settings[name];
  if (control) return Number(fitValue(control, value, defaults[name]));
  return typeof value === "number" && Number.isFinite(value) ? value : Number(defaults[name]);
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
  return String(control ? fitValue(control, settings[name], defaults[name]) : defaults[name]) as T;
}
