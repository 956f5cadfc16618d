export declare const root: string;
export declare const output: string;
export declare function ensureBuilt(part?: "commands" | "all"): Promise<void>;
export declare function build(): Promise<void>;
