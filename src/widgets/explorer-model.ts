/** Values of an explorer's controls, by name. */
export type Settings = Readonly<Record<string, number | string>>;

/** A control above an explorer. */
export type Control = SliderControl | ChoiceControl;

/** A control for a number. */
export interface SliderControl {
  /** Discriminates. */
  readonly type: "slider";
  /** Name of the setting. */
  readonly name: string;
  /** What stands before it. */
  readonly label: string;
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
  /** Distance between neighboring values. */
  readonly step: number;
  /** How the value is written: as it is, or as percent of 1. Default "number". */
  readonly format?: "number" | "percent";
}

/** A control with a few named values. */
export interface ChoiceControl {
  /** Discriminates. */
  readonly type: "choice";
  /** Name of the setting. */
  readonly name: string;
  /** What stands before it. */
  readonly label: string;
  /** The values and how they are called. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A number that an explorer states in words, for example "ROCAUC 93.1 %". */
export interface Readout {
  /** What it is. */
  readonly label: string;
  /** Its value as text. */
  readonly value: string;
  /** An interval or an explanation, in small print. */
  readonly detail?: string;
}

/** A figure as plotly draws it. Names and order are the same in every view of a model. */
export interface FigureSpec {
  /** Name inside the explorer, for example "roc". */
  readonly name: string;
  /** Traces. */
  readonly data: readonly object[];
  /** Axes, title, shapes, `height`; no width, which the page gives. Colors suit a light and a dark background. */
  readonly layout: object;
  /** What the figure shows, in one sentence, for readers who cannot see it. */
  readonly alt: string;
  /** A vertical line of the figure that can be dragged along x. */
  readonly drag?: Drag;
  /** Where the settings stand, drawn over the figure: a move that changes nothing else draws no trace anew. */
  readonly mark?: FigureMark;
}

/** A place of a figure: a vertical line over its whole height, with points on its curves and a text at its upper end. */
export interface FigureMark {
  /** Where on the x axis, as the data has it. */
  readonly x: number;
  /** What is written beside the line. */
  readonly text: string;
  /** Points on the line. */
  readonly points: readonly { readonly y: number; readonly color: string }[];
}

/** A vertical line that can be dragged along x to change a setting. */
export interface Drag {
  /** Name of the setting, which has a control too. */
  readonly setting: string;
  /** Where the line is. */
  readonly x: number;
  /**
   * @param x - where the line was dragged to, on the figure's x axis
   * @returns the setting's value for that place
   */
  value(x: number): number;
}

/** An image of a gallery. */
export interface Tile {
  /** Which images it is one of. */
  readonly set: "test" | "train";
  /** Its position there. */
  readonly index: number;
  /** One short line below it. */
  readonly caption: string;
  /** What it is called, in full, where that is known. */
  readonly name?: string;
  /** A frame that says what it is. */
  readonly frame?: "anomaly" | "normal";
}

/** A row of images. */
export interface Gallery {
  /** Name inside the explorer, for example "misses". */
  readonly name: string;
  /** Heading. */
  readonly title: string;
  /** The images. */
  readonly tiles: readonly Tile[];
  /** What stands where there is no image. */
  readonly empty: string;
}

/** What an explorer shows for some settings. */
export interface ExplorerView {
  /** Numbers in words. */
  readonly readouts: readonly Readout[];
  /** Figures. */
  readonly figures: readonly FigureSpec[];
  /** Rows of images. */
  readonly galleries: readonly Gallery[];
  /** Sentences of warning. */
  readonly notes: readonly string[];
}

/**
 * The part of an explorer that computes: from settings to what is shown. It runs wherever the explorer is moved, in the
 * notebook's page, in a shared page and in the kernel, so it needs neither Node nor a browser.
 */
export interface ExplorerModel {
  /** Heading. */
  readonly title: string;
  /** Its controls, in order. */
  readonly controls: readonly Control[];
  /** Settings at the start. */
  readonly defaults: Settings;
  /**
   * @param settings - values by name; those that are missing are the defaults
   * @returns what is shown; values out of range are moved to the nearest that is not
   */
  view(settings: Settings): ExplorerView;
  /**
   * Why an image of a gallery has its score: an explorer of its own, with controls of the same names where it shares them.
   *
   * @param tile - an image of a gallery, for example one that was clicked
   * @param settings - values of this explorer's controls
   * @returns the explanation; undefined where there is none, as for a training image
   */
  explain?(tile: Tile, settings: Settings): ExplorerModel | undefined;
}

/** What an explorer needs to know, as JSON in which typed arrays may stand; `kind` says which model reads it. */
export interface ExplorerData {
  /** "explore", "contamination", "groups" or "explain". */
  readonly kind: string;
  /** Everything else is the model's. */
  readonly [key: string]: unknown;
}
