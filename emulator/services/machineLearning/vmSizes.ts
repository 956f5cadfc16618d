/** A virtual machine size that clusters can be made of (Microsoft.MachineLearningServices locations/vmSizes). */
export interface VmSize {
  /** `Standard_DS3_v2`; clients write it in any case. */
  readonly name: string;
  /** `standardDSv2Family`: what quota is counted by. */
  readonly family: string;
  readonly vCPUs: number;
  readonly memoryGB: number;
  readonly temporaryDiskGB: number;
  readonly gpus: number;
}

/** vCPUs, memory (GB) and temporary disk (GB) by size, by family; GPUs last where there are any. */
const families: Readonly<
  Record<string, Readonly<Record<string, readonly [vCPUs: number, memory: number, disk: number, gpus?: number]>>>
> = {
  standardDSv2Family: {
    ...{ DS1_v2: [1, 3.5, 7], DS2_v2: [2, 7, 14], DS3_v2: [4, 14, 28], DS4_v2: [8, 28, 56], DS5_v2: [16, 56, 112] },
    ...{ DS11_v2: [2, 14, 28], DS12_v2: [4, 28, 56], DS13_v2: [8, 56, 112], DS14_v2: [16, 112, 224] },
    ...{ DS15_v2: [20, 140, 280] },
  },
  standardDv2Family: {
    ...{ D1_v2: [1, 3.5, 50], D2_v2: [2, 7, 100], D3_v2: [4, 14, 200], D4_v2: [8, 28, 400], D5_v2: [16, 56, 800] },
    ...{ D11_v2: [2, 14, 100], D12_v2: [4, 28, 200], D13_v2: [8, 56, 400], D14_v2: [16, 112, 800] },
  },
  standardDSv3Family: {
    ...{ D2s_v3: [2, 8, 16], D4s_v3: [4, 16, 32], D8s_v3: [8, 32, 64], D16s_v3: [16, 64, 128] },
    ...{ D32s_v3: [32, 128, 256], D48s_v3: [48, 192, 384], D64s_v3: [64, 256, 512] },
  },
  standardDv3Family: {
    ...{ D2_v3: [2, 8, 50], D4_v3: [4, 16, 100], D8_v3: [8, 32, 200], D16_v3: [16, 64, 400] },
    ...{ D32_v3: [32, 128, 800], D48_v3: [48, 192, 1200], D64_v3: [64, 256, 1600] },
  },
  standardDASv4Family: {
    ...{ D2as_v4: [2, 8, 16], D4as_v4: [4, 16, 32], D8as_v4: [8, 32, 64], D16as_v4: [16, 64, 128] },
    ...{ D32as_v4: [32, 128, 256] },
  },
  standardDDSv4Family: {
    ...{ D2ds_v4: [2, 8, 75], D4ds_v4: [4, 16, 150], D8ds_v4: [8, 32, 300], D16ds_v4: [16, 64, 600] },
    ...{ D32ds_v4: [32, 128, 1200] },
  },
  standardESv3Family: {
    ...{ E2s_v3: [2, 16, 32], E4s_v3: [4, 32, 64], E8s_v3: [8, 64, 128], E16s_v3: [16, 128, 256] },
    ...{ E32s_v3: [32, 256, 512] },
  },
  standardEDSv4Family: {
    ...{ E2ds_v4: [2, 16, 75], E4ds_v4: [4, 32, 150], E8ds_v4: [8, 64, 300], E16ds_v4: [16, 128, 600] },
  },
  standardFSv2Family: {
    ...{ F2s_v2: [2, 4, 16], F4s_v2: [4, 8, 32], F8s_v2: [8, 16, 64], F16s_v2: [16, 32, 128] },
    ...{ F32s_v2: [32, 64, 256], F64s_v2: [64, 128, 512], F72s_v2: [72, 144, 576] },
  },
  standardNCASv3_T4Family: {
    ...{ NC4as_T4_v3: [4, 28, 176, 1], NC8as_T4_v3: [8, 56, 352, 1], NC16as_T4_v3: [16, 110, 352, 1] },
    ...{ NC64as_T4_v3: [64, 440, 2816, 4] },
  },
  standardNCSv3Family: { NC6s_v3: [6, 112, 736, 1], NC12s_v3: [12, 224, 1474, 2], NC24s_v3: [24, 448, 2948, 4] },
  standardNCADSA100v4Family: {
    ...{ NC24ads_A100_v4: [24, 220, 64, 1], NC48ads_A100_v4: [48, 440, 128, 2], NC96ads_A100_v4: [96, 880, 256, 4] },
  },
};

export const vmSizes: readonly VmSize[] = Object.entries(families).flatMap(([family, sizes]) =>
  Object.entries(sizes).map(([name, [vCPUs, memoryGB, temporaryDiskGB, gpus = 0]]) => ({
    ...{ name: `Standard_${name}`, family, vCPUs, memoryGB, temporaryDiskGB, gpus },
  })),
);

/** The size of this name, in any case. */
export const vmSizeNamed = (name: string): VmSize | undefined =>
  vmSizes.find((size) => size.name.toLowerCase() === name.toLowerCase());

/** A size as `locations/{l}/vmSizes` lists it. */
export const vmSizeBody = ({ name, family, vCPUs, memoryGB, temporaryDiskGB, gpus }: VmSize) => ({
  ...{ name, family, vCPUs, gpus, osVhdSizeMB: 1_047_552, maxResourceVolumeMB: temporaryDiskGB * 1024, memoryGB },
  lowPriorityCapable: true,
  premiumIO: /s_v|^Standard_DS|ds_v|ads_/.test(name),
  supportedComputeTypes: ["AmlCompute", "ComputeInstance"],
});
