/** What a batch deployment's driver imports; without one of them the job fails before the scoring script is loaded. */
const neededByService = ["azureml-core", "azureml-dataset-runtime[fuse]"];
/** Modules of the scoring script that come from a package of the same name. */
const knownModules = ["ydf", "pandas"];

/** The packages that are missing in a conda file, for the service and for what the scoring script imports. */
export function missingPackages(condaFile: string, script: string): string[] {
  const listed = packagesOf(condaFile);
  const imported = knownModules.filter((module) =>
    new RegExp(`^\\s*(?:import|from)\\s+${module}\\b`, "m").test(script),
  );
  return [...neededByService, ...imported].filter((name) => !listed.has(name));
}

/** The names in the lists of a conda file without version, once alone and once with each extra. */
function packagesOf(condaFile: string): Set<string> {
  const lines = condaFile.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, ""));
  const names = lines.flatMap((line) => {
    const [, name, extras = ""] = /^\s*-\s*["']?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\s*\[([^\]]*)\])?/.exec(line) ?? [];
    const plain = name?.toLowerCase().replaceAll("_", "-");
    return plain === undefined ? [] : [plain, ...extras.split(",").map((extra) => `${plain}[${extra.trim()}]`)];
  });
  return new Set(names);
}
