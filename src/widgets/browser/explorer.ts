import { LiveConnection, livePage, mountLive, type WidgetModel } from "./live.js";
import { mountText } from "./saved.js";

export { mountSaved } from "./saved.js";
export { createSharedParams } from "./shared-params.js";

interface Lifecycle {
  readonly model: WidgetModel;
  readonly el: HTMLElement;
  readonly signal?: AbortSignal;
}

const idOf = (model: WidgetModel): string => (model.get("explorer") as { id: string }).id;

function connection(model: WidgetModel): LiveConnection {
  const page = livePage();
  const known = page.live.get(idOf(model));
  if (known) return known;
  const made = new LiveConnection(model);
  page.live.set(idOf(model), made);
  for (const listener of page.listeners) listener(idOf(model));
  return made;
}

/** The widget as anywidget knows it. */
export default {
  initialize({ model }: Lifecycle): () => void {
    const id = idOf(model);
    const made = connection(model);
    return () => {
      const page = livePage();
      made.close();
      if (page.live.get(id) !== made) return;
      page.live.delete(id);
      for (const listener of page.listeners) listener(id);
    };
  },
  render({ model, el }: Lifecycle): () => void {
    try {
      const explorer = mountLive(connection(model), el);
      return () => explorer.dispose();
    } catch (error) {
      const shown = mountText(
        el,
        `This explorer cannot be shown: ${error instanceof Error ? error.message : error}`,
      );
      return () => shown.dispose();
    }
  },
};
