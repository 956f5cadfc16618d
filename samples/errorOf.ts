/** How far predictions are from the known values: root mean square error and mean absolute error, in their unit. */
export function errorOf(known: readonly number[], predicted: readonly number[]): { rmse: number; mae: number } {
  const differences = known.map((value, index) => (predicted[index] ?? Number.NaN) - value);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { rmse: Math.sqrt(mean(differences.map((value) => value ** 2))), mae: mean(differences.map(Math.abs)) };
}
