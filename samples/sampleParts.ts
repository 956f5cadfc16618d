/** The two parts of the sample: one trains the model, the other is `example-data/taxibatch.csv`. */
export const sampleParts = {
  train: { seed: 20190301, count: 40_000 },
  score: { seed: 20190331, count: 2_500 },
} as const;
