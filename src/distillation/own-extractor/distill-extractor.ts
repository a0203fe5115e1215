import { basename } from "node:path";
import { withFileLock } from "../../core/file-lock.js";
import { printNote } from "../../core/note.js";
import type { DataSet, ImageSet } from "../../datasets/index.js";
import { loadExtractor } from "../../extractors/index.js";
import { trainingTensorFlow } from "../tensorflow.js";
import type { DistillationContent } from "./content.js";
import { DistilledExtractor } from "./distilled-extractor.js";
import { imagesToDistill } from "./images.js";
import { type DistillExtractorOptions, decisiveParts, planOf, settingsFor } from "./options.js";
import { OutputFiles } from "./output-files.js";
import { StudentTraining } from "./student-training.js";

/**
 * Trains a small fast extractor on images of your own, without their classes, to see in them what a large one sees, and measures
 * it beside its teacher on images that were held out.
 *
 * The result is a file that `loadExtractor` and `--extractor` take; OUTPUT.json tells how it was made and what was measured. What is
 * done is kept: interrupted or killed, the same call goes on, and when all is done it gives the result without work. An
 * extractor that is not finished can be used already.
 *
 * @param source - name of a data set, a folder of images, a data set or an image set; at least 20 images to learn from. Test images,
 * or else one image in five, are held out
 * @param options - teacher, output, epochs and more; see `DistillExtractorOptions`
 * @returns the extractor's file with curve and report
 * @throws RangeError when there are too few images or an option is impossible
 * @throws DataError when the output belongs to another training, an image set is damaged, or tfjs-node is missing
 * @throws Aborted when interrupted
 * @see Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network"
 */
export async function distillExtractor(
  source: string | DataSet | ImageSet,
  options: DistillExtractorOptions = {},
): Promise<DistilledExtractor> {
  const plan = planOf(options);
  const tf = trainingTensorFlow();
  const { signal } = plan;
  const note = plan.onNote ?? ((text: string) => printNote(`note: ${text}`));
  const images = await imagesToDistill(source, plan.seed);
  const teacher = await loadExtractor(plan.teacher, {
    inputSize: plan.teacherInputSize,
    layer: plan.teacherLayer,
    weights: plan.teacherWeights,
  });
  try {
    const files = new OutputFiles(plan.output ?? `${images.name}-${basename(teacher.name)}`);
    await files.prepare();
    const onWait = (pid: number) => note(`process ${pid} trains ${files.name}; waiting for it`);
    return await withFileLock(
      files.lock,
      async () => {
        const settings = settingsFor(plan, images.train.length);
        const counts = { ...images, train: images.train.length, heldOut: images.heldOut.length };
        const decisive = decisiveParts(plan, settings, teacher.provenance, counts);
        const earlier = await files.read();
        if (earlier) files.requireSame(earlier, decisive);
        if (earlier?.finished && (await files.holds(earlier))) {
          note(`${files.name} is finished; nothing to do`);
          return new DistilledExtractor(files.extractor, earlier);
        }
        for (const text of images.notes) note(text);
        const parts = { tf, plan, images, teacher, files, settings, decisive, note };
        const content = await new StudentTraining({ ...parts, earlier: unfinished(earlier) }).run();
        return new DistilledExtractor(files.extractor, content);
      },
      { onWait, signal },
    );
  } finally {
    teacher.dispose();
  }
}

function unfinished(earlier: DistillationContent | undefined): DistillationContent | undefined {
  return earlier?.finished ? undefined : earlier;
}
