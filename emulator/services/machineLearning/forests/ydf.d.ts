/** The parts of YDF's JavaScript packages (0.0.x, without types of their own) that this project uses. */
declare module "ydf-inference" {
  interface InferenceModel {
    readonly inputFeatures: readonly { readonly name: string; readonly type: string }[];
    readonly labelClasses: readonly string[];
    predict(examples: Readonly<Record<string, readonly (number | string | null)[]>>): number[];
    unload(): void;
  }
  interface Inference {
    loadModelFromZipBlob(zip: Uint8Array): Promise<InferenceModel>;
  }
  function loadYdf(options?: { print: (line: string) => void; printErr: (line: string) => void }): Promise<Inference>;
  export = loadYdf;
}

declare module "ydf-training" {
  interface TrainedModel {
    describe(): string;
    save(): Promise<Blob>;
    unload(): void;
  }
  interface Training {
    readonly GradientBoostedTreesLearner: new (
      label: string,
      task: "REGRESSION" | "CLASSIFICATION",
    ) => { train(columns: Readonly<Record<string, readonly number[] | readonly string[]>>): TrainedModel };
  }
  function loadYdf(options?: { print: (line: string) => void; printErr: (line: string) => void }): Promise<Training>;
  export = loadYdf;
}
